using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands in <c>credsync.yaml</c> and <c>people.yaml</c>.</summary>
internal static class OrganisationShape
{
    public static readonly ChoiceType RevocationChoice = new("review", "keep", "revoke");

    public static readonly RecordShape Credsync = new("credsync.yaml", "The organisation, and what holds where other files do not say otherwise.",
    [
        new("organisation", "Whose configuration it is.", new RecordShape("'organisation'", "Whose configuration it is.",
        [
            new("name", "Its name for people.", new ValueShape(Types.Text)) { Required = true, Example = "Northwind" },
            new("namespace", "Under which people's ids are derived, usually its domain name; changing it makes everybody a new person.", new ValueShape(Types.Text)) { Required = true, Example = "northwind.example" },
            new("time_zone", "In which its days and years begin.", new ValueShape(Types.TimeZone)) { Example = "Europe/Madrid", Default = "UTC" },
        ])) { Required = true },
        new("defaults", "What holds where other files do not say otherwise.", new RecordShape("'defaults'", "What holds where other files do not say otherwise.",
        [
            new("issuer", "Issuer of credentials that name none.", new ValueShape(Types.Name)) { Example = "northwind-badges" },
            new("every", "How often sources are read.", new ValueShape(Types.Duration)) { Default = "15m" },
            new("expected_freshness", "After how long without anything new a source is reported as stale.", new ValueShape(Types.Duration)) { Example = "2d" },
            new("on_revoked", "What happens to an issued credential when the completion behind it is withdrawn or revoked.", new ValueShape(RevocationChoice)) { Default = "review" },
        ])),
    ]);

    public static readonly RecordShape People = new("people.yaml", "How identifiers match people.",
    [
        new("match", "The kinds of identifiers that are used, strongest first.", new ListShape(new ValueShape(new ChoiceType(IdentifierKinds.All)), atLeast: 1))
        {
            Default = $"[{string.Join(", ", IdentifierKinds.All)}]",
        },
        new("unknown", "What happens to somebody whom nothing known names: a new person, or held until the directory has them.", new ValueShape(new ChoiceType("create", "hold"))) { Default = "create" },
        new("email", "Which e-mail addresses link: any, or only those that the platform vouches for.", new ValueShape(new ChoiceType("any", "verified"))) { Default = "any" },
    ]);
}
