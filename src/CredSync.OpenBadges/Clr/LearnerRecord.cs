using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Clr;

/// <summary>
/// A learner record before it is signed (CLR 2.0, class ClrCredential): badges of one learner, whole and signed, and how their achievements belong
/// together. Each badge keeps its own proof; the record's proof covers them as they are.
/// </summary>
public sealed record LearnerRecord : IJsonPart
{
    /// <summary>URI of this record.</summary>
    public required string Id { get; init; }

    /// <summary>Title; required by CLR 2.0.</summary>
    public required string Name { get; init; }

    /// <summary>Short text; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Picture; null when there is none.</summary>
    public Image? Image { get; init; }

    /// <summary>Who issues the record.</summary>
    public required Profile Issuer { get; init; }

    /// <summary>From when it is valid.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it is valid; null when it does not expire.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When it was first awarded; null when not told.</summary>
    public DateTimeOffset? AwardedDate { get; init; }

    /// <summary>Whether the issuer knows more about the learner than the record holds; null when not told.</summary>
    public bool? Partial { get; init; }

    /// <summary>Whose record it is, and what is in it.</summary>
    public required LearnerRecordSubject Subject { get; init; }

    /// <summary>Where a verifier learns whether it was revoked; null when it cannot be.</summary>
    public StatusEntry? Status { get; init; }

    /// <summary>Writes the record, without a proof.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Texts("@context", [ContextUrls.Credentials, ContextUrls.LearnerRecord, ContextUrls.OpenBadges, ContextUrls.Extensions])
        .Text("id", Id)
        .Types("VerifiableCredential", "ClrCredential")
        .Text("name", Name)
        .Text("description", Description)
        .Part("image", Image)
        .Flag("partial", Partial)
        .Part("issuer", Issuer)
        .Time("validFrom", ValidFrom)
        .Time("validUntil", ValidUntil)
        .Time("awardedDate", AwardedDate)
        .Part("credentialSubject", Subject)
        .Part("credentialStatus", Status)
        .Parts("credentialSchema", [CredentialLink.LearnerRecordSchema]);
}

/// <summary>Whose record it is, and what is in it (CLR 2.0, class ClrSubject). Personal data.</summary>
public sealed record LearnerRecordSubject : IJsonPart
{
    /// <summary>URI of the learner; null only when <see cref="Identifiers"/> has one.</summary>
    public string? Id { get; init; }

    /// <summary>Identifiers by which a verifier can match the learner.</summary>
    public IReadOnlyList<IdentityObject> Identifiers { get; init; } = [];

    /// <summary>The credentials in their final, signed form: a JSON object each, or the text of a compact JWS. At least one.</summary>
    public required IReadOnlyList<JsonElement> Credentials { get; init; }

    /// <summary>Achievements that <see cref="Associations"/> refer to.</summary>
    public IReadOnlyList<Achievement> Achievements { get; init; } = [];

    /// <summary>How achievements belong together.</summary>
    public IReadOnlyList<Association> Associations { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("ClrSubject")
        .Parts("identifier", Identifiers)
        .Documents("verifiableCredential", Credentials)
        .Parts("achievement", Achievements)
        .Parts("association", Associations);
}
