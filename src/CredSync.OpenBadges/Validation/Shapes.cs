using System.Collections.Frozen;
using System.Text.Json;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Validation;

/// <summary>The classes of Open Badges 3.0 and CLR 2.0 as their JSON schemas describe them.</summary>
internal static class Shapes
{
    public const string Badge = "AchievementCredential";
    public const string Endorsement = "EndorsementCredential";
    public const string LearnerRecord = "ClrCredential";
    public const string StatusList = "BitstringStatusListCredential";
    public const string AnyCredential = "VerifiableCredential";

    private const string CredentialsContext = @"^https://www\.w3\.org/ns/credentials/v2\z";
    private const string BadgeContext = @"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json\z";
    private const string LearnerRecordContext = @"^https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])*\.json\z";

    private static readonly FrozenDictionary<string, Shape> All = Table().ToFrozenDictionary(static s => s.Name, StringComparer.Ordinal);

    public static Shape Get(string name) => All[name];

    private static IEnumerable<Shape> Table()
    {
        foreach (Shape shape in Credentials().Concat(Achievements()).Concat(Parties()).Concat(Results()).Concat(Attachments()))
        {
            yield return shape;
        }
    }

    private static IEnumerable<Shape> Credentials()
    {
        yield return new()
        {
            Name = Badge,
            Types = [["VerifiableCredential"], ["OpenBadgeCredential", "AchievementCredential"]],
            Contexts = [CredentialsContext, BadgeContext],
            Members =
            [
                Id(required: true), Text("name"), Text("description"), One("image", "Image"), One("credentialSubject", "AchievementSubject", required: true),
                Time("awardedDate"), Many("endorsement", Endorsement), new("endorsementJwt", Form.CompactJws) { Many = true }, .. Envelope(),
            ],
            Further = FurtherRules.Credential,
        };
        yield return new()
        {
            Name = Endorsement,
            Types = [["VerifiableCredential"], ["EndorsementCredential"]],
            Contexts = [CredentialsContext, BadgeContext],
            Members =
            [
                Id(required: true), Text("name", required: true), Text("description"), One("credentialSubject", "EndorsementSubject", required: true),
                Time("awardedDate"), .. Envelope(),
            ],
            Further = FurtherRules.Credential,
        };
        yield return new()
        {
            Name = LearnerRecord,
            Types = [["VerifiableCredential"], ["ClrCredential"]],
            Contexts = [CredentialsContext, LearnerRecordContext, BadgeContext],
            Members =
            [
                Id(required: true), Text("name", required: true), Text("description"), One("image", "Image"), new("partial", Form.Flag),
                One("credentialSubject", "ClrSubject", required: true), Time("awardedDate"), Many("endorsement", Endorsement),
                new("endorsementJwt", Form.CompactJws) { Many = true }, .. Envelope(),
            ],
            Further = FurtherRules.Credential,
        };
        yield return new()
        {
            Name = StatusList,
            Types = [["VerifiableCredential"], ["BitstringStatusListCredential"]],
            Contexts = [CredentialsContext],
            Members = [Id(required: false), One("credentialSubject", "BitstringStatusList", required: true), .. Envelope(validFromRequired: false)],
            Further = FurtherRules.Credential,
        };
        yield return new()
        {
            Name = AnyCredential,
            Types = [["VerifiableCredential"]],
            Contexts = [CredentialsContext],
            Members = [Id(required: false), One("credentialSubject", "AnySubject", required: true), .. Envelope()],
            Further = FurtherRules.Credential,
        };
    }

    private static Member[] Envelope(bool validFromRequired = true) =>
    [
        new("issuer", Form.ObjectOrUri) { Required = true, Shape = "Profile" },
        Time("validFrom", validFromRequired), Time("validUntil"),
        Many("proof", "Proof"), Many("credentialSchema", "CredentialSchema"), One("credentialStatus", "CredentialStatus"),
        One("refreshService", "RefreshService"), Many("termsOfUse", "TermsOfUse"), Many("evidence", "Evidence"),
    ];

    private static IEnumerable<Shape> Achievements()
    {
        yield return Class("AchievementSubject", FurtherRules.Subject,
            Id(required: false), Many("identifier", "IdentityObject"), One("achievement", "Achievement", required: true),
            Time("activityStartDate"), Time("activityEndDate"), new("creditsEarned", Form.Number), One("image", "Image"), Text("licenseNumber"),
            Text("narrative"), Many("result", "Result"), Text("role"), One("source", "Profile"), Text("term"));
        yield return Class("ClrSubject", FurtherRules.Subject,
            Id(required: false), Many("identifier", "IdentityObject"), Many("achievement", "Achievement"), Many("association", "Association"),
            new("verifiableCredential", Form.ObjectOrJws) { Required = true, Many = true, NotEmpty = true, Shape = AnyCredential });
        yield return Class("EndorsementSubject", null, Id(required: true), Text("endorsementComment"));
        yield return Class("BitstringStatusList", null, Id(required: false), Text("statusPurpose", required: true), Text("encodedList", required: true)) with { TypeForm = TypeForm.One };
        yield return new() { Name = "AnySubject", TypeForm = TypeForm.None, Members = [Id(required: false)] };
        yield return Class("Achievement", null,
            Id(required: true), Text("name", required: true), Text("description", required: true), One("criteria", "Criteria", required: true),
            Word("achievementType", Vocabulary.AchievementTypes, extensible: true), One("creator", "Profile"), new("creditsAvailable", Form.Number),
            Many("alignment", "Alignment"), Many("endorsement", Endorsement), new("endorsementJwt", Form.CompactJws) { Many = true },
            Text("fieldOfStudy"), Text("humanCode"), One("image", "Image"), new("inLanguage", Form.Language), Many("otherIdentifier", "IdentifierEntry"),
            Many("related", "Related"), Many("resultDescription", "ResultDescription"), Text("specialization"), new("tag", Form.Text) { Many = true }, Text("version"));
        yield return new() { Name = "Criteria", TypeForm = TypeForm.None, Members = [Id(required: false), Text("narrative")], Further = FurtherRules.Criteria };
        yield return Class("Alignment", null,
            Text("targetName", required: true), new("targetUrl", Form.Uri) { Required = true }, Text("targetCode"), Text("targetDescription"), Text("targetFramework"),
            Word("targetType", Vocabulary.AlignmentTargets, extensible: true));
        yield return Class("Related", null, Id(required: true), new("inLanguage", Form.Language), Text("version"));
        yield return new()
        {
            Name = "Association",
            Types = [["Association"]],
            TypeForm = TypeForm.One,
            Closed = true,
            Members =
            [
                Word("associationType", Vocabulary.AssociationTypes) with { Required = true }, new("sourceId", Form.Uri) { Required = true }, new("targetId", Form.Uri) { Required = true },
            ],
        };
    }

    private static IEnumerable<Shape> Parties()
    {
        yield return Class("Profile", null,
            Id(required: true), Text("name"), new("url", Form.Uri), Text("phone"), Text("description"), Many("endorsement", Endorsement),
            new("endorsementJwt", Form.CompactJws) { Many = true }, One("image", "Image"), Text("email"), One("address", "Address"),
            Many("otherIdentifier", "IdentifierEntry"), Text("official"), One("parentOrg", "Profile"), Text("familyName"), Text("givenName"), Text("additionalName"),
            Text("patronymicName"), Text("honorificPrefix"), Text("honorificSuffix"), Text("familyNamePrefix"), new("dateOfBirth", Form.Date));
        yield return Class("Address", null,
            Text("addressCountry"), Text("addressCountryCode"), Text("addressRegion"), Text("addressLocality"), Text("streetAddress"),
            Text("postOfficeBoxNumber"), Text("postalCode"), One("geo", "GeoCoordinates"));
        yield return Class("GeoCoordinates", null, new("latitude", Form.Number) { Required = true }, new("longitude", Form.Number) { Required = true }) with { TypeForm = TypeForm.One };
        yield return Closed("IdentityObject",
            new("hashed", Form.Flag) { Required = true }, Text("identityHash", required: true), Text("salt"),
            Word("identityType", Vocabulary.IdentityTypes, extensible: true) with { Required = true }) with { Further = FurtherRules.Identity };
        yield return Closed("IdentifierEntry",
            Text("identifier", required: true), Word("identifierType", Vocabulary.IdentityTypes, extensible: true) with { Required = true });
    }

    private static IEnumerable<Shape> Results()
    {
        yield return Class("Result", null,
            new("achievedLevel", Form.Uri), Many("alignment", "Alignment"), new("resultDescription", Form.Uri), Text("value"), Word("status", Vocabulary.ResultStatuses));
        yield return Class("ResultDescription", null,
            Id(required: true), Text("name", required: true), Word("resultType", Vocabulary.ResultTypes, extensible: true) with { Required = true },
            Many("alignment", "Alignment"), new("allowedValue", Form.Text) { Many = true }, new("requiredLevel", Form.Uri), Text("requiredValue"),
            Many("rubricCriterionLevel", "RubricCriterionLevel"), Text("valueMin"), Text("valueMax"));
        yield return Class("RubricCriterionLevel", null,
            Id(required: true), Text("name", required: true), Text("description"), Text("level"), Text("points"), Many("alignment", "Alignment"));
    }

    private static IEnumerable<Shape> Attachments()
    {
        yield return Class("Evidence", null, Id(required: false), Text("narrative"), Text("name"), Text("description"), Text("genre"), Text("audience"));
        yield return Closed("Image", Id(required: true), Text("caption"));
        yield return Any("CredentialSchema", Id(required: true));
        yield return Any("CredentialStatus", Id(required: false) with { RequiredInStrict = true }) with { Further = FurtherRules.Status };
        yield return Any("RefreshService", Id(required: true));
        yield return Any("TermsOfUse", Id(required: false));
        yield return Any("Proof", Time("created"), Text("cryptosuite"), Text("nonce"), Text("proofPurpose"), Text("proofValue"), Text("verificationMethod"));
    }

    private static Shape Class(string name, Action<JsonElement, FindingList, string>? further, params IReadOnlyList<Member> members) =>
        new() { Name = name, Types = [[name]], Members = members, Further = further };

    private static Shape Closed(string name, params IReadOnlyList<Member> members) =>
        new() { Name = name, Types = [[name]], TypeForm = TypeForm.One, Closed = true, Members = members };

    private static Shape Any(string name, params IReadOnlyList<Member> members) => new() { Name = name, TypeForm = TypeForm.One, Members = members };

    private static Member Id(bool required) => new("id", Form.Uri) { Required = required };

    private static Member Text(string name, bool required = false) => new(name, Form.Text) { Required = required };

    private static Member Time(string name, bool required = false) => new(name, Form.Time) { Required = required };

    private static Member Word(string name, IReadOnlySet<string> words, bool extensible = false) => new(name, Form.Word) { Words = words, Extensible = extensible };

    private static Member One(string name, string shape, bool required = false) => new(name, Form.Object) { Shape = shape, Required = required };

    private static Member Many(string name, string shape) => new(name, Form.Object) { Shape = shape, Many = true };
}
