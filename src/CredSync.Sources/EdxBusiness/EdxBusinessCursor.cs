using System.Text.Json.Serialization;

namespace CredSync.Sources.EdxBusiness;

/// <summary>Where reading a report goes on. There is no "changed since", so every reading is of all of it.</summary>
internal sealed record EdxBusinessCursor
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>Readings that were finished; moves the cursor when nothing else does.</summary>
    [JsonPropertyName("n")]
    public int Readings { get; init; }

    /// <summary>Path and query of the next page; null between readings.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    /// <summary>How often this reading was begun anew because the platform forgot its link; tells a page that is read again from the one before.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Again { get; init; }

    /// <summary>Rows of this reading before the page, so that one that is set aside can be told from those at the same place of other pages.</summary>
    [JsonPropertyName("rows")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Rows { get; init; }

    public bool IsValid() => Version == 1 && Readings >= 0 && Rows >= 0;
}
