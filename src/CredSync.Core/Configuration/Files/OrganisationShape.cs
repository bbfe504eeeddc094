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
            new("on_revoked", "What happens to an issued credential when what earned it is withdrawn, revoked or no longer good enough.", new ValueShape(RevocationChoice)) { Default = "review" },
            new("grace", "How long that may still be put right before anything happens.", new ValueShape(Types.Duration)) { Example = "14d", Default = "0s" },
        ])),
        new("limits", "What is too much at once.", new RecordShape("'limits'", "What is too much at once.",
        [
            new("new_people", "How many people whom nobody knows a source may bring in a day before they are held.", new ValueShape(Types.LargeCount)) { Default = "100" },
            new("new_people_share", "How many it may bring all the same, as a share of those whom it brought before.", new ValueShape(Types.Share)) { Default = "25 %" },
        ])),
        new("retention", "How long records of the work itself are kept; completions, people and issuances are kept for ever.", new RecordShape("'retention'", "How long records of the work itself are kept.",
        [
            new("runs", "Each reading of a source.", new ValueShape(Types.Duration)) { Default = "400d" },
            new("set_aside", "Records that could not be read, from the last time they came.", new ValueShape(Types.Duration)) { Default = "400d" },
        ])),
    ]);

    public static readonly RecordShape People = new("people.yaml", "How identifiers match people.",
    [
        new("match", "The kinds of identifiers that are used, strongest first.", new ListShape(new ValueShape(new ChoiceType(IdentifierKinds.All)), atLeast: 1))
        {
            Default = $"[{string.Join(", ", IdentifierKinds.All)}]",
        },
        new("unknown", "What happens to somebody whom nothing known names: a new person, or held until the directory has them.", new ValueShape(new ChoiceType("create", "hold"))) { Default = "create" },
        new("contradicting", "What happens to somebody whose e-mail address belongs to a person with another identifier of the same kind: held, or a new person.", new ValueShape(new ChoiceType("hold", "create"))) { Default = "hold" },
        new("name", "Which name goes on credentials: the preferred or the legal one of the directory, or what the platform says.", new ValueShape(new ChoiceType("preferred", "legal", "platform"))) { Default = "preferred" },
        new("directory", "The people whom the organisation knows.", DirectoryShape.Directory),
        new("email", "Which e-mail addresses link: any, or only those that the platform vouches for.", new ValueShape(new ChoiceType("any", "verified"))) { Default = "any" },
    ]);
}
