using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>A picture (Open Badges 3.0, class Image).</summary>
public sealed record Image : IJsonPart
{
    /// <summary>URL or data URI of a PNG or SVG.</summary>
    public required string Id { get; init; }

    /// <summary>What it shows, for people who cannot see it; null when there is no caption.</summary>
    public string? Caption { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to.Text("id", Id).Type("Image").Text("caption", Caption);
}
