using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands in files under <c>credentials/</c>.</summary>
internal static class CredentialShape
{
    public static readonly ChoiceType Occurrences = new("once", "each", "per-year", "per-cohort");

    private static readonly RecordShape Skill = new("A skill", "A skill that the credential shows.",
    [
        new("name", "Name for people.", new ValueShape(Types.Text)) { Required = true, Example = "SQL" },
        new("url", "Its page in a competency framework.", new ValueShape(Types.Url)),
        new("framework", "Name of the framework.", new ValueShape(Types.Text)) { Example = "ESCO" },
        new("code", "Code within the framework.", new ValueShape(Types.Text)),
    ]);

    private static readonly RecordShape Also = new("An item of 'also'", "A further issuer.",
    [
        new("issuer", "Name of the issuer.", new ValueShape(Types.Name)) { Required = true, Example = "credly-main" },
        new("template", "Id of the template at that issuer.", new ValueShape(Types.Text)),
    ]);

    public static readonly RecordShape Credential = new("A credential", "What is awarded, and when.",
    [
        new("credential", "Its id; part of every issuance's key, so choose it once.", new ValueShape(Types.Name)) { Required = true, Example = "data-foundations" },
        new("name", "Title for people.", new ValueShape(Types.Text)) { Required = true, Example = "Data Foundations" },
        new("description", "What it stands for, plain text.", new ValueShape(Types.Text)) { Required = true, Example = "Reads, joins and summarises data." },
        new("criteria", "What must be done to earn it, Markdown.", new ValueShape(Types.Text)) { Required = true, Example = "Complete STAT-101 with at least 80 %." },
        new("criteria_url", "Page with the criteria.", new ValueShape(Types.Url)),
        new("achievement_type", "Open Badges achievement type.", new ValueShape(Types.Text)) { Default = "CertificateOfCompletion" },
        new("skills", "Skills that it shows: names, or more to say of each.", new ListShape(new EitherShape(new ValueShape(Types.Text), Skill))),
        new("tags", "Keywords.", new ListShape(new ValueShape(Types.Text))),
        new("version", "Version as its authors number it.", new ValueShape(Types.Text)) { Example = "\"2\"" },
        new("colour", "Colour of a drawn badge image.", new ValueShape(Types.Colour)) { Example = "\"#1f6feb\"" },
        new("include_result", "Whether the result goes on the credential; grades are personal data.", new ValueShape(Types.Boolean)) { Default = "false" },
        new("valid", "How long it is valid; for ever when it is left out.", new RecordShape("'valid'", "How long it is valid.",
        [
            new("for", "From the date on which it was earned.", new ValueShape(Types.Period)) { Required = true, Example = "24 months" },
            new("renew_within", "How long before its expiry a new completion renews it; only after it when this is left out.", new ValueShape(Types.Period)) { Example = "3 months" },
        ])),
        new("issue", "Who issues it; the default issuer when it is left out.", new RecordShape("'issue'", "Who issues it.",
        [
            new("by", "Name of the main issuer.", new ValueShape(Types.Name)) { Example = "northwind-badges" },
            new("template", "Id of the template at that issuer.", new ValueShape(Types.Text)),
            new("also", "Further issuers, each with a credential of its own.", new ListShape(Also)),
        ])),
        new("approval", "Who must approve each issuance; nobody when it is left out.", new RecordShape("'approval'", "Who must approve each issuance.",
        [
            new("by", "The role.", new ValueShape(Types.Name)) { Required = true, Example = "learning-team" },
            new("because", "What they are to look at, in words.", new ValueShape(Types.Text)) { Example = "the assessor's report must be there" },
            new("within", "How long they have; for ever when it is left out.", new ValueShape(Types.Duration)) { Example = "14d" },
            new("then", "What happens when nobody answered in time.", new ValueShape(new ChoiceType("refuse", "issue"))) { Default = "refuse" },
        ], new KeyRule.OnlyWith("then", "within"))),
        new("occurrence", "How often one person may earn it.", new ValueShape(Occurrences)) { Default = "once" },
        new("on_revoked", "What happens to an issued one when what earned it is withdrawn, revoked or no longer good enough.", new ValueShape(OrganisationShape.RevocationChoice)),
        new("grace", "How long that may still be put right before anything happens.", new ValueShape(Types.Duration)) { Example = "14d" },
        new("earn", "The rule that earns it.", RuleShape.Node) { Required = true },
        new("unless", "A rule that excludes from it.", RuleShape.Node),
        new("tests", "Stories that show what the rule does.", new ListShape(TestShape.Test)),
    ]);
}
