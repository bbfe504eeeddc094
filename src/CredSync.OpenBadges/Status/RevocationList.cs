using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Status;

/// <summary>
/// A list of revoked credentials in 1EdTech's form (<c>1EdTechRevocationList</c>): plain and unsigned. It shows the ids of all revoked credentials to
/// anyone, but can give reasons; publish it beside a bit string list where a host asks for it.
/// </summary>
public sealed record RevocationList
{
    /// <summary>URL under which it is served.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>The revoked credentials.</summary>
    public required IReadOnlyList<RevokedCredential> Revoked { get; init; }

    /// <summary>Writes the list.</summary>
    /// <returns>A new JSON object; <c>revokedCredential</c> is there even when it is empty.</returns>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["issuer"] = Issuer,
        ["revokedCredential"] = new JsonArray([.. Revoked.Select(static r => (JsonNode)JsonTree.Of(r))]),
    };
}

/// <summary>One revoked credential.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Why, for people; null when not told. Must not hold personal data: anyone can read it.</param>
public sealed record RevokedCredential(string Id, string? Reason = null) : IJsonPart
{
    void IJsonPart.Write(JsonSink to) => to.Text("id", Id).Flag("revoked", true).Text("revocationReason", Reason);
}
