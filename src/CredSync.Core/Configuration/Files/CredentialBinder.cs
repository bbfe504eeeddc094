using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;
using CredSync.Issuers;

namespace CredSync.Core.Configuration.Files;

/// <summary>Makes a definition of a credential's file.</summary>
internal sealed class CredentialBinder(NameTable names, Defaults defaults, FindingList findings)
{
    /// <summary>Makes the definition; null when its id, its rule or its issuer cannot be told, which is reported.</summary>
    public CredentialDefinition? Bind(MappingNode root)
    {
        var rules = new RuleBinder(names, findings);
        Rule? earn = rules.Bind(root.Find("earn"));
        Rule? unless = rules.Bind(root.Find("unless"));
        List<IssuerChoice> issuers = BindIssuers(root);
        Validity? validity = BindValidity(root);
        if (root.Text("credential") is not { } id || earn is null || issuers.Count == 0)
        {
            return null;
        }

        var definition = new CredentialDefinition
        {
            Id = id,
            Name = root.Text("name") ?? id,
            Description = root.Text("description") ?? "",
            Criteria = root.Text("criteria")?.TrimEnd() ?? "",
            CriteriaUrl = root.Text("criteria_url"),
            AchievementType = root.Text("achievement_type") ?? "CertificateOfCompletion",
            Skills = [.. root.Sequence("skills")?.Items.Select(BindSkill).OfType<Skill>() ?? []],
            Tags = [.. root.Sequence("tags")?.Items.OfType<ScalarNode>().Select(s => s.Text) ?? []],
            Version = root.Text("version"),
            Colour = root.Text("colour"),
            IncludeResult = root.Text("include_result") == "true",
            Validity = validity,
            Issuers = issuers,
            Approval = BindApproval(root.Mapping("approval")),
            Occurrence = root.Text("occurrence") switch
            {
                "each" => Occurrence.Each,
                "per-year" => Occurrence.PerYear,
                "per-cohort" => Occurrence.PerCohort,
                _ => Occurrence.Once,
            },
            OnRevoked = Revocation(root.Text("on_revoked")) ?? defaults.OnRevoked,
            Grace = Grace(root) ?? defaults.Grace,
            Earn = earn,
            Unless = unless,
            Position = root.PositionOf("credential"),
        };
        DefinitionLint.Check(definition, root, findings);
        return definition;
    }

    public static RevocationPolicy? Revocation(string? text) => text switch
    {
        "review" => RevocationPolicy.Review,
        "keep" => RevocationPolicy.Keep,
        "revoke" => RevocationPolicy.Revoke,
        _ => null,
    };

    /// <summary>How long a mistake may be put right; unlike other durations it may be nothing.</summary>
    public static TimeSpan? Grace(MappingNode? node) => node?.Text("grace") is { } text && Scalars.TryDuration(text, out TimeSpan grace) ? grace : null;

    private Approval? BindApproval(MappingNode? approval) => approval?.Text("by") is not { } by ? null : new Approval(by)
    {
        Because = approval.Text("because"),
        Within = ConnectionBinder.Duration(approval, "within", findings),
        AfterThat = approval.Text("then") == "issue" ? ApprovalLapse.Issue : ApprovalLapse.Refuse,
    };

    private List<IssuerChoice> BindIssuers(MappingNode root)
    {
        List<IssuerChoice> issuers = [];
        MappingNode? issue = root.Mapping("issue");
        if (issue?.Scalar("by") is { } by)
        {
            names.Require(FileKind.Issuer, by, findings);
            issuers.Add(new IssuerChoice(by.Text, issue.Text("template")));
        }
        else if ((defaults.Issuer ?? (names.Issuers.Count == 1 ? names.Issuers.First() : null)) is { } issuer)
        {
            issuers.Add(new IssuerChoice(issuer, issue?.Text("template")));
        }
        else
        {
            findings.Add(Codes.MissingKey, issue?.Position ?? root.Position, "The credential names no issuer, and there is no default one.",
                "add issue: { by: … }, or 'issuer' under 'defaults' in credsync.yaml");
        }

        foreach (MappingNode also in issue?.Sequence("also")?.Items.OfType<MappingNode>() ?? [])
        {
            if (also.Scalar("issuer") is not { } other)
            {
                continue;
            }

            names.Require(FileKind.Issuer, other, findings);
            if (issuers.Exists(i => i.Issuer == other.Text))
            {
                findings.Add(Codes.IssuerTwice, other.Position, $"The issuer '{Show.Text(other.Text)}' issues this credential already.", "remove it");
                continue;
            }

            issuers.Add(new IssuerChoice(other.Text, also.Text("template")));
        }

        return issuers;
    }

    private static Validity? BindValidity(MappingNode root)
    {
        if (root.Mapping("valid") is not { } valid || valid.Text("for") is not { } text || !Period.TryParse(text, out Period period))
        {
            return null;
        }

        return new Validity(period, valid.Text("renew_within") is { } early && Period.TryParse(early, out Period within) ? within : null);
    }

    private static Skill? BindSkill(Node node) => node switch
    {
        ScalarNode { IsEmpty: false } name => new Skill(name.Text),
        MappingNode skill when skill.Text("name") is { } name => new Skill(name, skill.Text("url"), skill.Text("framework"), skill.Text("code")),
        _ => null,
    };
}
