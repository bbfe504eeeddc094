using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>A further identifier of a profile or achievement, in plain text (class IdentifierEntry).</summary>
/// <param name="Identifier">The identifier.</param>
/// <param name="IdentifierType">One of <see cref="Vocabulary.IdentityTypes"/> or an <c>ext:</c> term.</param>
public sealed record IdentifierEntry(string Identifier, string IdentifierType) : IJsonPart
{
    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Type("IdentifierEntry")
        .Text("identifier", Identifier)
        .Text("identifierType", IdentifierType);
}
