using System.Text.Json.Serialization;

namespace CredSync.Sources.Edx;

/// <summary>Where the sweep through the runs stands.</summary>
internal sealed record EdxCursor
{
    public const int CurrentVersion = 1;

    /// <summary>Version of this text.</summary>
    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Number of the sweep under way, from 0.</summary>
    [JsonPropertyName("sweep")]
    public int Sweep { get; init; }

    /// <summary>The run under way or the last one finished in this sweep; empty before the first.</summary>
    [JsonPropertyName("course")]
    public string Course { get; init; } = "";

    /// <summary>Path and query of the next page of that run; null when it is finished.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    /// <summary>How often a run was begun anew in this sweep because the platform forgot its link; tells a page that is read again from the one before.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Again { get; init; }

    /// <summary>Whether its values make sense.</summary>
    public bool IsValid() => Version == CurrentVersion && Sweep >= 0 && Course is not null;
}
