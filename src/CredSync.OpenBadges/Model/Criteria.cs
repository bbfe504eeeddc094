using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>What must be done to earn an achievement (class Criteria). At least one of the two is to be given.</summary>
public sealed record Criteria : IJsonPart
{
    /// <summary>URI of a page with the criteria; null when there is none.</summary>
    public string? Id { get; init; }

    /// <summary>The criteria as Markdown; null when they are only on the page.</summary>
    public string? Narrative { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to.Text("id", Id).Text("narrative", Narrative);
}
