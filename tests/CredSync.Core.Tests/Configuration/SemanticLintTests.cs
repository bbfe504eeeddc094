using CredSync.Core.Configuration;
using CredSync.Core.Tests.Rules;

namespace CredSync.Core.Tests.Configuration;

/// <summary>What is well written and cannot be meant.</summary>
public sealed class SemanticLintTests
{
    [Theory]
    [InlineData("{ course: { key: A, score: \">= 80 %\" } }", "{ course: A }")]
    [InlineData("{ course: { source: moodle, key: STAT-101, passed: true } }", "{ any: [{ course: B }, { course: { key: \"STAT-*\", source: moodle, passed: true } }] }")]
    [InlineData("{ all: [{ course: { key: A, completed: { from: 2025-02-01 } } }, { course: B }] }", "{ course: { key: A, completed: { from: 2025-01-01 } } }")]
    public void An_exclusion_that_everybody_meets_who_earns_it_is_found(string earn, string unless) =>
        Codes(Book.Read(("badge", $"earn: {earn}\nunless: {unless}"))).ShouldContain("RUL012");

    [Theory]
    [InlineData("{ course: A }", "{ course: { key: A, score: \">= 80 %\" } }")]
    [InlineData("{ course: { source: moodle, key: A } }", "{ course: { source: edx, key: A } }")]
    [InlineData("{ course: { key: A, passed: false } }", "{ course: A }")]
    [InlineData("{ course: { key: \"A*\" } }", "{ course: \"AB*\" }")]
    [InlineData("{ any: [{ course: A }, { course: B }] }", "{ course: A }")]
    public void An_exclusion_that_somebody_who_earns_it_need_not_meet_is_none(string earn, string unless) =>
        Codes(Book.Read(("badge", $"earn: {earn}\nunless: {unless}"))).ShouldNotContain("RUL012");

    [Theory]
    [InlineData("Data Foundations", "DATA FOUNDATIONS", true)]
    [InlineData("Data Foundations", "Data-Foundations", true)]
    [InlineData("C++ Foundations", "C# Foundations", false)]
    [InlineData("Data Foundations 1", "Data Foundations 2", false)]
    [InlineData("初級", "上級", false)]
    public void Names_that_people_take_for_one_are_found(string first, string second, bool alike) =>
        Codes(Shipped.Read(
        [
            new ConfigurationFile("credsync.yaml", "organisation: { name: N, namespace: n.example }\ndefaults: { issuer: badges }\n"),
            new ConfigurationFile("sources/moodle.yaml", "source: moodle\nadapter: moodle\naddress: https://m.example\ntoken: env:T\n"),
            new ConfigurationFile("issuers/badges.yaml", "issuer: badges\nadapter: open-badges\nname: N\nurl: https://b.example\n"),
            new ConfigurationFile("credentials/one.yaml", $"credential: one\nname: \"{first}\"\ndescription: D\ncriteria: C\nearn: {{ course: A }}\n"),
            new ConfigurationFile("credentials/two.yaml", $"credential: two\nname: \"{second}\"\ndescription: D\ncriteria: C\nearn: {{ course: B }}\n"),
        ])).Contains("RUL013").ShouldBe(alike);

    [Theory]
    [InlineData("course: { source: silent, key: A, score: \">= 80 %\" }", true)]
    [InlineData("course: { tag: quiet, score: \">= 80 %\" }", true)]
    [InlineData("course: { key: A, score: \">= 80 %\" }", false)]
    [InlineData("course: { source: silent, key: A }", false)]
    public void A_score_that_no_source_of_the_rule_tells_is_refused_where_it_stands(string rule, bool refused)
    {
        ConfigurationResult result = Shipped.Read(
        [
            new ConfigurationFile("credsync.yaml", "organisation: { name: N, namespace: n.example }\ndefaults: { issuer: badges }\n"),
            new ConfigurationFile("sources/silent.yaml", "source: silent\nadapter: http-json\naddress: https://v.example\nfields: { external_id: number, course: code }\ntags: { quiet: [A] }\n"),
            new ConfigurationFile("sources/moodle.yaml", "source: moodle\nadapter: moodle\naddress: https://m.example\ntoken: env:T\n"),
            new ConfigurationFile("issuers/badges.yaml", "issuer: badges\nadapter: open-badges\nname: N\nurl: https://b.example\n"),
            new ConfigurationFile("credentials/badge.yaml", $"credential: badge\nname: N\ndescription: D\ncriteria: C\nearn:\n  {rule}\n"),
        ]);
        Finding? found = result.Findings.FirstOrDefault(f => f.Code == "RUL026");
        (found is not null).ShouldBe(refused);
        found?.Column.ShouldBe($"  {rule}".IndexOf("\">=", StringComparison.Ordinal) + 1);
        found?.Line.ShouldBe(6);
    }

    private static IReadOnlyList<string> Codes(ConfigurationResult result) => [.. result.Findings.Select(f => f.Code)];
}
