using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;
using CredSync.Sources;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sources.Moodle;

/// <summary>The bulk path: a custom report tells who is complete, so that the others need not be asked one by one.</summary>
public sealed class MoodleReportTests : IAsyncLifetime
{
    private readonly NorthwindScript script = NorthwindScript.Create(5);
    private readonly TestLedger ledger = new();
    private readonly CallCounter calls = new();
    private MoodlePlatform platform = null!;
    private SandboxServer server = null!;
    private SourceBench bench = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = new MoodlePlatform(script);
        server = await SandboxServer.StartAsync([platform], ct: Ct);
        bench = new SourceBench(calls);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task With_a_report_the_same_completions_are_found_with_a_fraction_of_the_calls()
    {
        script.PlayAll();
        await ledger.ReadAsync(Source(report: null), Ct);
        int before = calls.Of(MoodleFunctions.Status);
        TestLedger bulk = new();
        await bulk.ReadAsync(Source(report: 1), Ct);
        bulk.Completions.Values.Select(c => (c.Key, c.CompletedAt, c.Score)).ShouldBe(ledger.Completions.Values.Select(c => (c.Key, c.CompletedAt, c.Score)), ignoreOrder: true);
        int first = calls.Of(MoodleFunctions.Status) - before;
        first.ShouldBeLessThan(before);
        first.ShouldBeGreaterThanOrEqualTo(bulk.Completions.Count);
        await bulk.ReadAsync(Source(report: 1), Ct);
        (calls.Of(MoodleFunctions.Status) - before - first).ShouldBeLessThan(before / 3);
    }

    [Fact]
    public async Task At_any_moment_of_the_story_the_report_hides_nothing()
    {
        ICompletionSource source = Source(report: 1);
        while (script.PlayNext() is not null)
        {
            for (int i = 0; i < 40; i++)
            {
                script.PlayNext();
            }

            await ledger.ReadAsync(source, Ct);
            ledger.Unreadable.ShouldBeEmpty();
            ledger.Completions.Values.Select(c => (c.Identifiers.Single(i => i.Kind == IdentifierKinds.ExternalId).Value, c.Course.Key, c.CompletedAt!.Value))
                .ShouldBe(script.Expected().Select(x => (x.Learner, x.Course, x.CompletedAt)), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Who_was_marked_complete_by_hand_gets_the_date_of_the_report_where_it_is_read()
    {
        script.World.Enrol(new MoodleEnrolment { CourseId = 2, UserId = 101 });
        script.World.MarkComplete(2, 101, new DateTimeOffset(2025, 3, 1, 20, 35, 10, TimeSpan.Zero));
        await ledger.ReadAsync(Source(report: 1), Ct);
        ledger.Completions.Values.Single().CompletedAt.ShouldBeNull();
        TestLedger dated = new();
        await dated.ReadAsync(Source(report: 1, time: "dddd, d MMMM yyyy, h:mm tt"), Ct);
        Completion known = dated.Completions.Values.Single();
        DateTimeOffset told = TimeZoneInfo.ConvertTime(known.CompletedAt!.Value, script.World.Site.TimeZone);
        (known.CompletedAt, known.CompletedAtPrecision).ShouldBe((new DateTimeOffset(2025, 3, 1, 20, 35, 0, TimeSpan.Zero), TimePrecision.Derived), $"the site's own time was {told}");
    }

    [Theory]
    [InlineData(99, "check its number")]
    [InlineData(1, "report_columns")]
    public async Task A_report_that_cannot_be_used_is_told_of_and_everyone_is_asked(int report, string says)
    {
        script.PlayAll();
        await ledger.ReadAsync(Source(report, yes: "Yes", columns: report == 1 ? new Dictionary<string, string> { ["course"] = "Kurs-ID" } : null), Ct);
        UnreadableRecord told = ledger.Unreadable.ShouldHaveSingleItem();
        (told.Reference, told.Cause).ShouldBe(($"report {report}", "report-unusable"));
        told.Sentence.ShouldContain(says);
        ledger.Completions.Count.ShouldBe(script.Expected().Count);
        (await ((ICheckable)Source(report, columns: report == 1 ? new Dictionary<string, string> { ["course"] = "Kurs-ID" } : null)).CheckAsync(Ct)).Single(c => c.Name == "report").Outcome.ShouldBe(CheckOutcome.Warning);
    }

    [Fact]
    public async Task A_site_that_does_not_offer_reports_is_read_one_by_one()
    {
        script.World.Add(new MoodleToken { Value = "without-reports", UserId = 3 });
        script.PlayAll();
        await ledger.ReadAsync(Source(report: 1, token: "without-reports"), Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Sentence.ShouldContain(MoodleFunctions.Report);
        ledger.Completions.Count.ShouldBe(script.Expected().Count);
    }

    [Fact]
    public async Task A_report_in_words_that_nobody_is_complete_by_delays_and_loses_nothing()
    {
        script.PlayAll();
        ICompletionSource source = Source(report: 1, yes: "Ja", slices: 3);
        for (int sweep = 0; sweep < 3; sweep++)
        {
            await ledger.ReadAsync(source, Ct);
        }

        ledger.Completions.Count.ShouldBe(script.Expected().Count);
    }

    [Fact]
    public async Task A_report_that_breaks_off_is_a_fault_and_moves_nothing()
    {
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.Truncated, Operation = MoodleFunctions.Report });
        SourceException fault = await ledger.ReadFaultAsync(Source(report: 1), Ct);
        fault.Kind.ShouldBe(FaultKind.Broken);
        ledger.Cursor.ShouldBeNull();
    }

    private ICompletionSource Source(
        int? report, string? time = null, string yes = "Yes", IReadOnlyDictionary<string, string>? columns = null, string token = NorthwindScript.Token, int slices = 7)
    {
        MoodleOptions options = new()
        {
            Address = platform.Address, Token = new Secret("env:TOKEN", () => token), Report = report, ReportTime = time, ReportYes = yes, ReportTimeZone = script.World.Site.TimeZone.Id, ReverifySlices = slices,
        };
        options.ReportColumns = columns ?? options.ReportColumns;
        return bench.Create("moodle", options, "moodle-hr");
    }

    private sealed class CallCounter : DelegatingHandler
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, int> counts = [];

        public CallCounter()
            : base(new SocketsHttpHandler())
        {
        }

        public int Of(string function)
        {
            lock (gate)
            {
                return counts.GetValueOrDefault(function);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string form = await request.Content!.ReadAsStringAsync(cancellationToken);
            string function = form.Split('&').First(p => p.StartsWith("wsfunction=", StringComparison.Ordinal))["wsfunction=".Length..];
            lock (gate)
            {
                counts[function] = counts.GetValueOrDefault(function) + 1;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
