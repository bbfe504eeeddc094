using System.Globalization;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Where a verifier learns whether the credential was revoked (<c>credentialStatus</c>; one entry, never an array).</summary>
public sealed record StatusEntry : IJsonPart
{
    private StatusEntry(string id, string type)
    {
        Id = id;
        Type = type;
    }

    /// <summary>URI of this entry.</summary>
    public string Id { get; }

    /// <summary><c>BitstringStatusListEntry</c> or <c>1EdTechRevocationList</c>.</summary>
    public string Type { get; }

    /// <summary>What the bit means, for example <c>revocation</c>; null in a revocation list.</summary>
    public string? Purpose { get; private init; }

    /// <summary>Position in the list, 0 or more; null in a revocation list.</summary>
    public int? Index { get; private init; }

    /// <summary>URL of the list; null in a revocation list, whose id is its URL.</summary>
    public string? List { get; private init; }

    /// <summary>An entry of a bit string list (W3C Bitstring Status List 1.0, section 2.1).</summary>
    /// <param name="list">URL of the status list credential, without a fragment.</param>
    /// <param name="index">Position in it; each is used once.</param>
    /// <param name="purpose"><c>revocation</c> (default), <c>suspension</c>, <c>refresh</c> or <c>message</c>.</param>
    /// <returns>The entry; its id is the list's URL with the index as fragment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static StatusEntry Bitstring(string list, int index, string purpose = "revocation")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new(string.Create(CultureInfo.InvariantCulture, $"{list}#{index}"), "BitstringStatusListEntry") { Purpose = purpose, Index = index, List = list };
    }

    /// <summary>An entry of a 1EdTech revocation list, which shows the ids of all revoked credentials to anyone.</summary>
    /// <param name="list">URL of the list.</param>
    /// <returns>The entry.</returns>
    public static StatusEntry RevocationList(string list)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        return new(list, "1EdTechRevocationList");
    }

    /// <summary>Writes the object; the index is a decimal text, as the specification asks.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Type(Type)
        .Text("statusPurpose", Purpose)
        .Text("statusListIndex", Index?.ToString(CultureInfo.InvariantCulture))
        .Text("statusListCredential", List);
}
