using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Something that shows that an achievement was earned (class Evidence).</summary>
public sealed record Evidence : IJsonPart
{
    /// <summary>URL of the evidence; null when there is no page. Not a data URI: it would be repeated on every line of the signed form.</summary>
    public string? Id { get; init; }

    /// <summary>Title; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Description; null when it has none.</summary>
    public string? Description { get; init; }

    /// <summary>What was done, Markdown; null when not told.</summary>
    public string? Narrative { get; init; }

    /// <summary>Kind of evidence, free text; null when not given.</summary>
    public string? Genre { get; init; }

    /// <summary>For whom it is meant; null when not given.</summary>
    public string? Audience { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("Evidence")
        .Text("name", Name)
        .Text("description", Description)
        .Text("narrative", Narrative)
        .Text("genre", Genre)
        .Text("audience", Audience);
}
