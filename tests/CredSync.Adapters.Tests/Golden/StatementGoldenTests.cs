using CredSync.Adapters.Tests.Sources.Hooks;
using CredSync.Registration;
using CredSync.Sources.Coursera;
using CredSync.Sources.Statements;
using CredSync.Sources.Xapi;

namespace CredSync.Adapters.Tests.Golden;

/// <summary>Statements as producers document them, with invented people.</summary>
public sealed class StatementGoldenTests
{
    private static readonly DateTimeOffset Arrived = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> XapiCases => new(GoldenFiles.Cases("xapi"));

    public static TheoryData<string> CourseraCases => new(GoldenFiles.Cases("coursera-push"));

    [Theory]
    [MemberData(nameof(XapiCases))]
    public void What_a_store_says_becomes_the_expected_completion_or_none(string name)
    {
        var options = new XapiOptions { Untyped = name.Contains("untyped", StringComparison.Ordinal) };
        GoldenFiles.ShouldMatch("xapi", name, StatementPush.Read(HookBench.Delivery(GoldenFiles.Raw("xapi", name)))
            .Where(s => s.Actor is not null && XapiMapping.IsCompletion(s, options)).Select(s => XapiMapping.Map("lrs", s, options, Arrived)).ToList());
    }

    [Theory]
    [MemberData(nameof(CourseraCases))]
    public void What_coursera_pushes_becomes_the_expected_completion_or_none(string name) =>
        GoldenFiles.ShouldMatch("coursera-push", name, new CourseraPush(new SourceIdentity("coursera-eu"), new CourseraOptions()).Take(HookBench.Delivery(GoldenFiles.Raw("coursera-push", name))));
}
