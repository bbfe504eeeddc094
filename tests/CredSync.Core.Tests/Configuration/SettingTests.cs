using System.ComponentModel.DataAnnotations;
using CredSync.Core.Configuration;
using CredSync.Registration;

namespace CredSync.Core.Tests.Configuration;

public sealed class SettingTests
{
    private const string Source = "source: moodle-hr\nadapter: moodle\naddress: http://127.0.0.1:8080\ntoken: env:MOODLE_HR_TOKEN\n";

    [Fact]
    public void Every_type_of_setting_is_bound()
    {
        PlayMoodleOptions options = Options("page_size: 25\noverlap: 1h30m\ngrade: first-attempt\nscale: 0.5\nhidden_courses: true\ncategories: [one, \"2\"]\nfields: { cost_centre: centre }\nreport: Monthly\n");
        options.Address.ShouldBe(new Uri("http://127.0.0.1:8080"));
        options.Token!.Reveal().ShouldBe("revealed");
        options.PageSize.ShouldBe(25);
        options.Overlap.ShouldBe(TimeSpan.FromMinutes(90));
        options.Grade.ShouldBe(PlayGrade.FirstAttempt);
        options.Scale.ShouldBe(0.5m);
        options.HiddenCourses.ShouldBeTrue();
        options.Categories.ShouldBe(["one", "2"]);
        options.Fields.ShouldBe(new Dictionary<string, string> { ["cost_centre"] = "centre" });
        options.Report.ShouldBe("Monthly");
    }

    [Fact]
    public void What_is_left_out_keeps_its_default()
    {
        PlayMoodleOptions options = Options("");
        options.PageSize.ShouldBe(100);
        options.Grade.ShouldBe(PlayGrade.BestScore);
        options.Report.ShouldBeNull();
    }

    [Theory]
    [InlineData("page_size: 501", "CFG016", "501 is not from 1 to 500.")]
    [InlineData("page_size: 1.5", "CFG015", "'1.5' is not a whole number.")]
    [InlineData("page_size: 0x10", "CFG015", "'0x10' is not a whole number.")]
    [InlineData("page_size: 99999999999", "CFG015", "'99999999999' is not a whole number.")]
    [InlineData("page_size: \"25\"", "CFG014", "'25' is quoted, but a whole number is expected.")]
    [InlineData("overlap: 31d", "CFG016", "31d is not from 0s to 30d.")]
    [InlineData("overlap: 1.5h", "CFG015", "'1.5h' is not a duration such as 90s, 5m, 1h30m or 7d.")]
    [InlineData("grade: BestScore", "CFG017", "'BestScore' is not first-attempt or best-score.")]
    [InlineData("hidden_courses: yes", "CFG014", "'yes' is not true or false.")]
    [InlineData("report: 12", "CFG014", "Without quotes, '12' is a number to other readers of this file; here it is a text.")]
    [InlineData("report: no", "CFG014", "Without quotes, 'no' is true or false to other readers of this file; here it is a text.")]
    [InlineData("report: ~", "CFG013", "'report' has no value.")]
    [InlineData("fields: [a]", "CFG012", "'fields' is a list where a mapping is expected.")]
    [InlineData("categories: one", "CFG012", "'categories' is a single value where a list is expected.")]
    public void A_wrong_value_is_told_in_words(string line, string code, string sentence)
    {
        Finding finding = Read(Source + line + "\n").Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Sentence).ShouldBe((code, sentence));
        (finding.File, finding.Line).ShouldBe(("sources/moodle-hr.yaml", 5));
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("${TOKEN}")]
    [InlineData("[s3cr3t-0815]")]
    [InlineData("{ a: s3cr3t-0815 }")]
    [InlineData("\"-----BEGIN PRIVATE KEY-----s3cr3t-0815\"")]
    [InlineData("s3cr3t-0815\nfields: { x: \"https://user:s3cr3t-0815@m.example\" }")]
    public void A_secret_never_shows_in_a_finding(string written)
    {
        string text = Source.Replace("env:MOODLE_HR_TOKEN", written, StringComparison.Ordinal);
        string findings = FindingText.Render(Read(text).Findings);
        findings.ShouldNotBeEmpty();
        findings.ShouldNotContain("0123456789abcdef");
        findings.ShouldNotContain("s3cr3t-0815");
    }

    [Fact]
    public void An_address_with_a_password_is_a_secret_in_the_file() =>
        Read(Source.Replace("http://127.0.0.1:8080", "https://admin:hunter2@m.example", StringComparison.Ordinal)).Findings.Single().Code.ShouldBe("CFG030");

    [Fact]
    public void A_schedule_is_an_interval_or_a_cron_expression_and_not_both()
    {
        Read(Source + "cron: \"0 0/15 6-20 ? * MON-FRI\"\n").Configuration!.Sources[0].Cron.ShouldBe("0 0/15 6-20 ? * MON-FRI");
        Read(Source + "every: 5m\ncron: \"0 0/15 6-20 ? * MON-FRI\"\n").Findings.Single().Code.ShouldBe("CFG019");
        Read(Source + "every: 0s\n").Findings.Single().Code.ShouldBe("CFG016");
    }

    [Theory]
    [InlineData("0 0 3 * * ?", true)]
    [InlineData("0 0/5 6-20 ? * MON-FRI 2026", true)]
    [InlineData("0 0 0 L * ?", true)]
    [InlineData("0 0 0 ? * 6#3", true)]
    [InlineData("*/5 * * * *", false)]
    [InlineData("0 0 3 * * *", false)]
    [InlineData("0 60 3 * * ?", false)]
    [InlineData("0 0 25 ? * MON", false)]
    [InlineData("0 0 3 ? * MUN", false)]
    public void A_cron_expression_has_six_or_seven_fields_and_leaves_one_day_open(string cron, bool isGood) =>
        (Read($"{Source}cron: \"{cron}\"\n").Configuration is not null).ShouldBe(isGood);

    [Fact]
    public void What_is_absent_is_kept_unless_the_source_says_otherwise()
    {
        Read(Source).Configuration!.Sources[0].Absence.ShouldBe(SourceAbsence.Keep);
        Read(Source + "absence: withdraw\n").Configuration!.Sources[0].Absence.ShouldBe(SourceAbsence.Withdraw);
        Read(Source + "absence: revoke\n").Configuration.ShouldBeNull();
    }

    [Fact]
    public void A_source_takes_the_defaults_of_the_organisation()
    {
        SourceDefinition source = Read(Source).Configuration!.Sources[0];
        source.ExpectedFreshness.ShouldBe(TimeSpan.FromDays(2));
        source.Every.ShouldBe(TimeSpan.FromMinutes(15));
        Read(Source + "paused: true\nexpected_freshness: 12h\n").Configuration!.Sources[0].ShouldSatisfyAllConditions(
            s => s.Paused.ShouldBeTrue(), s => s.ExpectedFreshness.ShouldBe(TimeSpan.FromHours(12)));
    }

    [Theory]
    [InlineData(typeof(TakenKey), "cannot be set, or its key is taken")]
    [InlineData(typeof(UnknownType), "has a type that configuration does not know")]
    [InlineData(typeof(ReadOnly), "cannot be set, or its key is taken")]
    public void Options_that_cannot_be_described_stop_the_program(Type options, string words) =>
        Should.Throw<InvalidOperationException>(() => new AdapterCatalogue([new SourceAdapter("play", "Play.", options, (_, _, _) => throw new NotSupportedException())], []))
            .Message.ShouldContain(words);

    private static PlayMoodleOptions Options(string more) => (PlayMoodleOptions)Read(Source + more).Configuration!.Sources[0].Options;

    private static ConfigurationResult Read(string source) =>
        Shipped.Read([.. Shipped.Files.Where(f => !f.Path.Contains("sources/", StringComparison.Ordinal)), new ConfigurationFile("sources/moodle-hr.yaml", source)]);

    private sealed class TakenKey
    {
        [Setting("source", "Taken by every source.")]
        public string Source { get; set; } = "";
    }

    private sealed class UnknownType
    {
        [Setting("range", "A type of its own.")]
        public RangeAttribute? Range { get; set; }
    }

    private sealed class ReadOnly
    {
        [Setting("fixed", "Cannot be set.")]
        public string Fixed => "";
    }
}
