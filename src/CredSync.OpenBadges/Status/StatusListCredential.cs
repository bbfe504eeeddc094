using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Status;

/// <summary>A status list before it is signed (W3C Bitstring Status List 1.0, section 2.2). Sign it with the key that signs the credentials.</summary>
public sealed record StatusListCredential : IJsonPart
{
    /// <summary>URL under which it is served; entries name it as <c>statusListCredential</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the issuer; the same as that of the credentials.</summary>
    public required string Issuer { get; init; }

    /// <summary>When this version was made.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when this version may be used: sign again before. Null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long a verifier may keep it; null when not said.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>What a set bit means. Default <c>revocation</c>.</summary>
    public string Purpose { get; init; } = "revocation";

    /// <summary>The bits.</summary>
    public required BitstringStatusList List { get; init; }

    /// <summary>Writes the credential, without a proof.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Texts("@context", [ContextUrls.Credentials])
        .Text("id", Id)
        .Types("VerifiableCredential", "BitstringStatusListCredential")
        .Text("issuer", Issuer)
        .Time("validFrom", ValidFrom)
        .Time("validUntil", ValidUntil)
        .Part("credentialSubject", new Bits(this));

    // The list itself (class BitstringStatusList).
    private sealed record Bits(StatusListCredential Of) : IJsonPart
    {
        void IJsonPart.Write(JsonSink to) => to
            .Text("id", Of.Id + "#list")
            .Type("BitstringStatusList")
            .Text("statusPurpose", Of.Purpose)
            .Text("encodedList", Of.List.Encode())
            .Number("ttl", Of.TimeToLive is { } ttl ? (decimal)Math.Floor(ttl.TotalMilliseconds) : null);
    }
}
