using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Alerts;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Host.Tests.Plans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>Metrics, alerts, and the pages that explain them.</summary>
public sealed partial class SignalsTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Runbook => File.ReadAllText(Path.Combine(Root(), "docs", "operating.md"));

    [Fact]
    public void The_runbook_has_one_entry_for_each_cause_and_each_alert()
    {
        string[] entries = [.. Heading().Matches(Runbook).Select(m => m.Groups[1].Value)];
        entries.ShouldBeUnique();
        entries.ShouldBe(CauseBook.All.Select(c => c.Code).Concat(AlertConditions.Codes.Select(c => $"alert-{c}")).Append("a-cause-that-is-not-listed"), ignoreOrder: true);
    }

    [Fact]
    public void The_runbook_says_of_each_cause_what_the_screens_say()
    {
        string runbook = Runbook;
        foreach (Cause cause in CauseBook.All)
        {
            runbook.ShouldContain(cause.Meaning, Case.Sensitive, cause.Code);
            runbook.ShouldContain(cause.ToDo, Case.Sensitive, cause.Code);
        }
    }

    [Fact]
    public void Every_cause_that_the_code_can_give_is_in_the_book()
    {
        string[] given = [.. new[] { "CredSync.Sources", "CredSync.Issuers", "CredSync.Host", "CredSync.Core" }
            .SelectMany(p => Directory.EnumerateFiles(Path.Combine(Root(), "src", p), "*.cs", SearchOption.AllDirectories)).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Given().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct(StringComparer.Ordinal)];
        given.Length.ShouldBeGreaterThan(5);
        given.Except(CauseBook.All.Select(c => c.Code)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_are_there_for_a_key_and_every_rule_and_panel_names_only_those_that_exist()
    {
        using HttpClient nobody = await world.ClientAsync();
        using HttpResponseMessage refused = await nobody.GetAsync("/metrics", Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await world.Services.GetRequiredService<LedgerGauges>().ReadAsync(Ct);
        using HttpClient client = await world.ClientAsync("viewer", "read");
        string text = await client.GetStringAsync("/metrics", Ct);
        HashSet<string> names = [.. Type().Matches(text).Select(m => m.Groups[1].Value)];
        names.Count.ShouldBe(13);
        text.ShouldContain("credsync_outbox_oldest_age_seconds 0\n");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root(), "config", "observability")))
        {
            Metric().Matches(await File.ReadAllTextAsync(file, Ct)).Select(m => m.Value).Where(m => m != "credsync_key").Except(names).ShouldBeEmpty(file);
        }

        Documented().Matches(Runbook).Select(m => m.Groups[1].Value.Replace('.', '_')).Where(d => !names.Any(n => n == d || n == $"{d}_total" || n == $"{d}_seconds")).ShouldBeEmpty();
        Documented().Count(Runbook).ShouldBe(names.Count);
    }

    [Fact]
    public void Every_alert_rule_leads_to_an_entry_of_the_runbook()
    {
        string rules = File.ReadAllText(Path.Combine(Root(), "config", "observability", "prometheus-rules.yml"));
        MatchCollection links = Regex.Matches(rules, @"runbook: ""docs/operating\.md#([a-z-]+)""");
        links.Count.ShouldBe(Regex.Count(rules, "- alert:"));
        links.Select(l => l.Groups[1].Value).Except(Heading().Matches(Runbook).Select(m => m.Groups[1].Value)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alert_is_told_when_it_begins_and_when_it_is_over_once_each_across_restarts()
    {
        var time = new FakeTimeProvider(PlanWorld.Now);
        var channel = new PlayChannel();
        Guid id = await FailAsync();
        await Watch().LookAsync(Ct);
        channel.Told.Select(t => (t.Alert.Code, t.Alert.Target, t.IsOver)).ShouldBe([("failures", "issuer-refused", false)]);
        channel.Told[0].Alert.Command.ShouldBe("credsync failures show issuer-refused");
        (await Watch().LookAsync(Ct)).ShouldBeEmpty("another worker, or this one after a restart, tells nothing twice");
        await world.Ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Issued, At = PlanWorld.Now, CredentialId = "urn:c" }], Ct);
        channel.IsAway = true;
        await Watch().LookAsync(Ct);
        channel.IsAway = false;
        await Watch().LookAsync(Ct);
        channel.Told.Select(t => t.IsOver).ShouldBe([false, true], "what no channel took is told again");

        AlertWatch Watch() => new(
            world.Operators, world.Services.GetRequiredService<SourceDesk>(), world.Services.GetRequiredService<IssuerDesk>(), world.Services.GetRequiredService<TokenDesk>(), [channel],
            new LoopProgress(time), time, NullLogger<AlertWatch>.Instance);
    }

    private async Task<Guid> FailAsync()
    {
        await world.Ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await world.Ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        Core.Rules.RuleBook book = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("C-1")));
        await using (IIntakeTransaction page = await world.Ledger.BeginPageAsync(run, Ct))
        {
            await page.StorePeopleAsync([new PersonRow(PlanWorld.SubjectOf(1), null, null, [])], Ct);
            await page.StoreCompletionsAsync([new CompletionRow(PlanWorld.Completed(1, "C-1", 90, PlanWorld.Now), PlanWorld.SubjectOf(1), "h", "h", 1, null, null)], Ct);
            await page.PlanAsync([.. (await page.HistoriesAsync([PlanWorld.SubjectOf(1)], Ct)).SelectMany(h => CredSync.Host.Intake.IssuanceRows.Of(book.Decide(h, PlanWorld.Now), book))], Ct);
            await page.CommitAsync(new CredSync.Sources.Cursor("c"), new PageCounts(), Ct);
        }

        IReadOnlyList<ClaimedIssuance> claims = await world.Ledger.ClaimAsync(1, TimeSpan.FromMinutes(1), Ct);
        Guid id = claims.Single().Id;
        await world.Ledger.MarkSentAsync(claims, Ct);
        await world.Ledger.CloseAsync([new IssuanceOutcome { Id = id, State = IssuanceState.Refused, At = PlanWorld.Now, Cause = "issuer-refused", Sentence = "No." }], Ct);
        return id;
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"^### (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"new (?:IssuerException|UnreadableRecord|CompletionProblem)\([^""\n]*""([a-z]+(?:-[a-z]+)+)""")]
    private static partial Regex Given();

    [GeneratedRegex("^# TYPE (credsync_[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"\bcredsync_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `(credsync\.[a-z._]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();

    private sealed class PlayChannel : IAlertChannel
    {
        public string Name => "play";

        public bool IsAway { get; set; }

        public List<AlertEvent> Told { get; } = [];

        public Task TellAsync(AlertEvent told, CancellationToken ct)
        {
            if (IsAway)
            {
                throw new IOException("away");
            }

            Told.Add(told);
            return Task.CompletedTask;
        }
    }
}
