using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Core.Tests.Configuration;

namespace CredSync.Core.Tests.Rules;

/// <summary>Rule books from a few lines of YAML, with everything else filled in.</summary>
internal static class Book
{
    /// <summary>A rule book of credentials, each given by its id and the keys that differ.</summary>
    public static RuleBook Of(params (string Id, string Yaml)[] credentials)
    {
        ConfigurationResult result = Read(credentials);
        FindingText.Render(result.Findings.Where(f => f.Severity == Severity.Error)).ShouldBe("");
        return result.Configuration!.RuleBook;
    }

    /// <summary>A rule book of one credential called <c>badge</c>.</summary>
    public static RuleBook Of(string yaml) => Of(("badge", yaml));

    public static ConfigurationResult Read(params (string Id, string Yaml)[] credentials) => Shipped.Read(
    [
        new ConfigurationFile("credsync.yaml", "organisation: { name: N, namespace: n.example, time_zone: Europe/Madrid }\ndefaults: { issuer: badges }\n"),
        new ConfigurationFile("sources/moodle.yaml", "source: moodle\nadapter: moodle\naddress: https://m.example\ntoken: env:T\ntags: { data: [\"STAT-*\", \"DATA-*\"] }\n"),
        new ConfigurationFile("sources/edx.yaml", "source: edx\nadapter: csv\nfolder: in\n"),
        new ConfigurationFile("issuers/badges.yaml", "issuer: badges\nadapter: open-badges\nname: N\nurl: https://b.example\n"),
        new ConfigurationFile("issuers/second.yaml", "issuer: second\nadapter: open-badges\nname: S\nurl: https://s.example\nconsent: required\n"),
        .. credentials.Select(c => new ConfigurationFile($"credentials/{c.Id}.yaml", $"credential: {c.Id}\nname: Name of {c.Id}\ndescription: D\ncriteria: C\n{c.Yaml}\n")),
    ]);
}
