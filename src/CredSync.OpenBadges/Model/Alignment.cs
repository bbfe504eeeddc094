using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Ties an achievement or result to an entry of a competency framework (class Alignment).</summary>
public sealed record Alignment : IJsonPart
{
    /// <summary>Name of the entry.</summary>
    public required string TargetName { get; init; }

    /// <summary>URL of the entry.</summary>
    public required string TargetUrl { get; init; }

    /// <summary>Code of the entry within its framework; null when unknown.</summary>
    public string? TargetCode { get; init; }

    /// <summary>What the entry means; null when not given.</summary>
    public string? TargetDescription { get; init; }

    /// <summary>Name of the framework, for example <c>ESCO</c>; null when unknown.</summary>
    public string? TargetFramework { get; init; }

    /// <summary>One of <see cref="Vocabulary.AlignmentTargets"/> or an <c>ext:</c> term; null when none fits.</summary>
    public string? TargetType { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Types("Alignment")
        .Text("targetName", TargetName)
        .Text("targetUrl", TargetUrl)
        .Text("targetCode", TargetCode)
        .Text("targetDescription", TargetDescription)
        .Text("targetFramework", TargetFramework)
        .Text("targetType", TargetType);
}
