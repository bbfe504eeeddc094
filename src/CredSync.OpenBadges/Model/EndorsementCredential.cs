using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>What somebody says in favour of a credential, an achievement or a profile, before it is signed (class EndorsementCredential).</summary>
public sealed record EndorsementCredential : IJsonPart
{
    /// <summary>URI of this endorsement.</summary>
    public required string Id { get; init; }

    /// <summary>Title.</summary>
    public required string Name { get; init; }

    /// <summary>Who endorses.</summary>
    public required Profile Issuer { get; init; }

    /// <summary>From when it is valid.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it is valid; null when it does not expire.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>URI of what is endorsed.</summary>
    public required string Endorsed { get; init; }

    /// <summary>What is said, Markdown; null when nothing is.</summary>
    public string? Comment { get; init; }

    /// <summary>Where a verifier learns whether it was revoked; null when it cannot be.</summary>
    public StatusEntry? Status { get; init; }

    /// <summary>Writes the endorsement, without a proof.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Texts("@context", ContextUrls.Badge)
        .Text("id", Id)
        .Types("VerifiableCredential", "EndorsementCredential")
        .Text("name", Name)
        .Part("issuer", Issuer)
        .Time("validFrom", ValidFrom)
        .Time("validUntil", ValidUntil)
        .Part("credentialSubject", new Said(Endorsed, Comment))
        .Part("credentialStatus", Status)
        .Parts("credentialSchema", [CredentialLink.EndorsementSchema]);

    // What is said of what (class EndorsementSubject).
    private sealed record Said(string Endorsed, string? Comment) : IJsonPart
    {
        void IJsonPart.Write(JsonSink to) => to.Text("id", Endorsed).Types("EndorsementSubject").Text("endorsementComment", Comment);
    }
}
