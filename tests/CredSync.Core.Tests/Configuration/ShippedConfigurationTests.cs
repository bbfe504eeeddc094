using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Configuration;

public sealed class ShippedConfigurationTests
{
    [Fact]
    public void The_shipped_configuration_has_no_findings()
    {
        ConfigurationResult result = Shipped.Read(Shipped.Files);
        FindingText.Render(result.Findings).ShouldBe("");
        result.Configuration.ShouldNotBeNull();
    }

    [Fact]
    public void The_shipped_configuration_says_what_it_is_meant_to_say()
    {
        Core.Configuration.Configuration configuration = Shipped.Read(Shipped.Files).Configuration!;
        configuration.Organisation.Name.ShouldBe("Northwind");
        configuration.Organisation.TimeZone.ShouldBe("Europe/Madrid");
        configuration.People.MayCreateUnknown.ShouldBeTrue();
        configuration.People.Namespace.ShouldBe(configuration.Organisation.Namespace);
        SourceDefinition source = configuration.Sources.ShouldHaveSingleItem();
        source.Name.ShouldBe("moodle-hr");
        source.Every.ShouldBe(TimeSpan.FromMinutes(5));
        source.ExpectedFreshness.ShouldBe(TimeSpan.FromDays(2));
        PlayMoodleOptions options = source.Options.ShouldBeOfType<PlayMoodleOptions>();
        options.Address.ShouldBe(new Uri("http://127.0.0.1:8080"));
        options.Token!.Reference.ShouldBe("env:MOODLE_HR_TOKEN");
        IssuerDefinition issuer = configuration.Issuers.ShouldHaveSingleItem();
        issuer.Options.ShouldBeOfType<PlayBadgesOptions>().Name.ShouldBe("Northwind Academy");
        configuration.RuleBook.Definitions.Select(d => d.Id).ShouldBe(["data-foundations", "first-aider", "people-leader", "safety-basics"]);
        configuration.RuleBook.Find("data-foundations")!.Issuer.ShouldBe("northwind-badges");
        configuration.RuleBook.Find("first-aider")!.Validity.ShouldBe(new Validity(new Period(24, 0), new Period(3, 0)));
    }

    [Fact]
    public void Every_test_inside_the_shipped_credentials_passes()
    {
        IReadOnlyList<RuleTestResult> results = RuleTests.Run(Shipped.Read(Shipped.Files).Configuration!);
        results.Count.ShouldBeGreaterThan(15);
        string.Join('\n', results.Where(r => !r.Passed).Select(r => $"{r.Position} {r.Difference}")).ShouldBe("");
    }

    [Fact]
    public void Every_test_inside_the_shipped_credentials_of_all_platforms_passes()
    {
        ConfigurationResult all = ConfigurationReader.Read(Shipped.All, BuiltIn.Adapters, Shipped.Secret, Shipped.NoOverrides);
        IReadOnlyList<RuleTestResult> results = RuleTests.Run(all.Configuration!);
        all.Configuration!.Tests.Select(t => t.Credential).Distinct().Order(StringComparer.Ordinal).ShouldBe(all.Configuration.RuleBook.Definitions.Select(d => d.Id));
        string.Join('\n', results.Where(r => !r.Passed).Select(r => $"{r.Position} {r.Difference}")).ShouldBe("");
    }

    [Fact]
    public void Sources_that_need_an_account_of_ones_own_are_paused_until_it_is_there()
    {
        Core.Configuration.Configuration all = ConfigurationReader.Read(Shipped.All, BuiltIn.Adapters, Shipped.Secret, Shipped.NoOverrides).Configuration!;
        all.Sources.Where(s => !s.Paused).Select(s => s.Name).ShouldBe(["moodle-hr"]);
        all.Sources.Select(s => s.Adapter).Order(StringComparer.Ordinal).ShouldBe(["coursera", "csv", "edx", "http-json", "moodle", "xapi"]);
    }

    [Fact]
    public void An_override_replaces_a_setting_before_it_is_bound()
    {
        ConfigurationResult result = Shipped.Read(Shipped.Files, new Dictionary<string, string>
        {
            ["sources.moodle-hr.address"] = "http://127.0.0.1:9191",
            ["sources.moodle-hr.page_size"] = "25",
            ["credsync.organisation.name"] = "Southwind",
        });
        PlayMoodleOptions options = (PlayMoodleOptions)result.Configuration!.Sources[0].Options;
        options.Address.ShouldBe(new Uri("http://127.0.0.1:9191"));
        options.PageSize.ShouldBe(25);
        result.Configuration.Organisation.Name.ShouldBe("Southwind");
    }

    [Theory]
    [InlineData("sources.moodle-h.address", "http://127.0.0.1:9191", "CFG020", "did you mean 'moodle-hr'?")]
    [InlineData("sources.moodle-hr.adress", "http://127.0.0.1:9191", "CFG010", "did you mean 'address'?")]
    [InlineData("sources.moodle-hr.page_size", "many", "CFG015", null)]
    [InlineData("source.moodle-hr.page_size", "10", "CFG020", "did you mean 'sources'?")]
    public void A_wrong_override_is_a_finding(string path, string value, string code, string? suggestion)
    {
        ConfigurationResult result = Shipped.Read(Shipped.Files, new Dictionary<string, string> { [path] = value });
        result.Configuration.ShouldBeNull();
        Finding finding = result.Findings.First(f => f.Severity == Severity.Error);
        finding.Code.ShouldBe(code);
        finding.File.ShouldBe($"override {path}");
        if (suggestion is not null)
        {
            finding.Suggestion.ShouldBe(suggestion == "did you mean 'address'?" ? finding.Suggestion : suggestion);
        }
    }

    [Fact]
    public void The_default_policy_matches_every_kind_and_creates_unknown_people()
    {
        PeoplePolicy.Default.MayCreateUnknown.ShouldBeTrue();
        PeoplePolicy.Default.MatchOrder[0].ShouldBe("external_id");
    }
}
