namespace CredSync.OpenBadges.Model;

/// <summary>Addresses of the JSON-LD contexts and JSON schemas that credentials name.</summary>
public static class ContextUrls
{
    /// <summary>W3C Verifiable Credentials 2.0; the first context of every credential.</summary>
    public const string Credentials = "https://www.w3.org/ns/credentials/v2";

    /// <summary>Open Badges 3.0, version 3.0.3; the second context of every badge.</summary>
    public const string OpenBadges = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

    /// <summary>1EdTech's schema, revocation and refresh types; needed when one of them occurs.</summary>
    public const string Extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

    /// <summary>Comprehensive Learner Record 2.0, version 2.0.1; the second context of a learner record.</summary>
    public const string LearnerRecord = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

    /// <summary>JSON schema of an Open Badges 3.0 achievement credential.</summary>
    public const string BadgeSchema = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

    /// <summary>JSON schema of an Open Badges 3.0 endorsement.</summary>
    public const string EndorsementSchema = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json";

    /// <summary>JSON schema of a Comprehensive Learner Record 2.0.</summary>
    public const string LearnerRecordSchema = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json";

    /// <summary>The three contexts of a badge, in the order that the specification asks for (Open Badges 3.0 appendix B.1).</summary>
    public static IReadOnlyList<string> Badge { get; } = [Credentials, OpenBadges, Extensions];
}
