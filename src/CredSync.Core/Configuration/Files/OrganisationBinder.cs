using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>Makes values of <c>credsync.yaml</c> and <c>people.yaml</c>.</summary>
internal static class OrganisationBinder
{
    // RFC 9562: the namespace of domain names.
    private static readonly Guid DomainNames = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    public static Organisation BindOrganisation(MappingNode? root)
    {
        MappingNode? organisation = root?.Mapping("organisation");
        string space = organisation?.Text("namespace") ?? "";
        return new Organisation(
            organisation?.Text("name") ?? "",
            organisation?.Text("time_zone") is { } zone && Scalars.IsTimeZone(zone) ? zone : "UTC",
            Guid.TryParseExact(space, "D", out Guid id) ? id : NameBasedUuid.Create(DomainNames, space.Trim().ToLowerInvariant()));
    }

    public static Defaults BindDefaults(MappingNode? root, NameTable names, FindingList findings)
    {
        MappingNode? defaults = root?.Mapping("defaults");
        if (defaults?.Scalar("issuer") is { } issuer)
        {
            names.Require(FileKind.Issuer, issuer, findings);
        }

        return new Defaults
        {
            Issuer = defaults?.Text("issuer"),
            Every = ConnectionBinder.Duration(defaults, "every", findings) ?? new Defaults().Every,
            ExpectedFreshness = ConnectionBinder.Duration(defaults, "expected_freshness", findings),
            OnRevoked = CredentialBinder.Revocation(defaults?.Text("on_revoked")) ?? RevocationPolicy.Review,
            Grace = CredentialBinder.Grace(defaults) ?? TimeSpan.Zero,
        };
    }

    public static NewPeopleLimit BindNewPeople(MappingNode? root)
    {
        MappingNode? limits = root?.Mapping("limits");
        var standard = new NewPeopleLimit();
        return new NewPeopleLimit
        {
            AtLeast = int.TryParse(limits?.Text("new_people"), NumberStyles.None, CultureInfo.InvariantCulture, out int people) ? people : standard.AtLeast,
            Share = limits?.Text("new_people_share") is { } text && Scalars.TryShare(text, out decimal share) ? share : standard.Share,
        };
    }

    public static Retention BindRetention(MappingNode? root, FindingList findings)
    {
        MappingNode? retention = root?.Mapping("retention");
        var standard = new Retention();
        return new Retention
        {
            Runs = ConnectionBinder.Duration(retention, "runs", findings) ?? standard.Runs,
            SetAside = ConnectionBinder.Duration(retention, "set_aside", findings) ?? standard.SetAside,
        };
    }

    public static PeoplePolicy BindPeople(MappingNode? root, Guid space, FindingList findings)
    {
        List<string> order = [];
        foreach (ScalarNode kind in root?.Sequence("match")?.Items.OfType<ScalarNode>() ?? [])
        {
            if (order.Contains(kind.Text))
            {
                findings.Add(Codes.DuplicateName, kind.Position, $"'{Show.Text(kind.Text)}' is listed twice.", "remove it");
            }
            else
            {
                order.Add(kind.Text);
            }
        }

        return new PeoplePolicy
        {
            MatchOrder = order.Count > 0 ? order : IdentifierKinds.All,
            MayCreateUnknown = root?.Text("unknown") != "hold",
            MayCreateContradicted = root?.Text("contradicting") == "create",
            Name = root?.Text("name") switch { "legal" => NamePolicy.Legal, "platform" => NamePolicy.Platform, _ => NamePolicy.Preferred },
            EmailMustBeVerified = root?.Text("email") == "verified",
            Namespace = space,
        };
    }
}
