using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>
/// An Open Badge before it is signed (Open Badges 3.0, class AchievementCredential). The same value always writes the same JSON:
/// members in a fixed order, repeatable properties as arrays, no nulls, times in UTC with whole seconds.
/// </summary>
public sealed record AchievementCredential : IJsonPart
{
    /// <summary>URI of this credential, unique for its issuer: an https URL that serves it, or a <c>urn:uuid:</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Title shown in wallets; give it always. Null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Short text shown in wallets; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Picture for display; null when the achievement's is enough.</summary>
    public Image? Image { get; init; }

    /// <summary>Who issues it.</summary>
    public required Profile Issuer { get; init; }

    /// <summary>From when it is valid; in the future the badge is not valid yet.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it is valid; null when it does not expire.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When it was first awarded; unlike <see cref="ValidFrom"/> it stays when the credential is issued again. Null when not told.</summary>
    public DateTimeOffset? AwardedDate { get; init; }

    /// <summary>Who achieved what.</summary>
    public required AchievementSubject Subject { get; init; }

    /// <summary>What shows that it was earned.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>Signed endorsements of it, exactly as their issuers made them.</summary>
    public IReadOnlyList<JsonElement> Endorsements { get; init; } = [];

    /// <summary>Where a verifier learns whether it was revoked; null when it cannot be.</summary>
    public StatusEntry? Status { get; init; }

    /// <summary>Schemas that it follows. Default: the badge schema of 1EdTech.</summary>
    public IReadOnlyList<CredentialLink> Schemas { get; init; } = [CredentialLink.BadgeSchema];

    /// <summary>Where the latest version can be fetched; null when nowhere.</summary>
    public CredentialLink? RefreshService { get; init; }

    /// <summary>Terms of use.</summary>
    public IReadOnlyList<CredentialLink> TermsOfUse { get; init; } = [];

    /// <summary>Addresses of contexts for own terms, after the three of <see cref="ContextUrls.Badge"/>.</summary>
    public IReadOnlyList<string> FurtherContexts { get; init; } = [];

    /// <summary>Writes the credential, without a proof.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Texts("@context", [.. ContextUrls.Badge, .. FurtherContexts])
        .Text("id", Id)
        .Types("VerifiableCredential", "OpenBadgeCredential")
        .Text("name", Name)
        .Text("description", Description)
        .Part("image", Image)
        .Part("issuer", Issuer)
        .Time("validFrom", ValidFrom)
        .Time("validUntil", ValidUntil)
        .Time("awardedDate", AwardedDate)
        .Part("credentialSubject", Subject)
        .Parts("evidence", Evidence)
        .Documents("endorsement", Endorsements)
        .Part("credentialStatus", Status)
        .Parts("credentialSchema", Schemas)
        .Part("refreshService", RefreshService)
        .Parts("termsOfUse", TermsOfUse);
}
