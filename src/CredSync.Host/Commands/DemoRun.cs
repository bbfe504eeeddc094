using System.Diagnostics;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>Plays a script against a running worker, shows what happens, waits until everything has arrived, and verifies every badge.</summary>
internal sealed class DemoRun(IServiceProvider services, IPlayWorld world, string badges, long start)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(60);
    private const int MostTicks = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ILedger ledger = services.GetRequiredService<ILedger>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly ICredentialVerifier verifier = services.GetRequiredService<ICredentialVerifier>();
    private readonly HashSet<Guid> verified = [];
    private readonly List<string> failures = [];
    private readonly Dictionary<string, (DateTimeOffset? Last, int Readings)> readings = [];
    private TimeSpan? firstVerified;

    public async Task<DemoResult> PlayAsync(IAnsiConsole console, CancellationToken ct)
    {
        bool arrived = false;
        await console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask script = progress.AddTask("learners finish courses", maxValue: world.Steps);
                ProgressTask read = progress.AddTask("completions in the ledger", maxValue: world.CompletionsAtEnd);
                ProgressTask issued = progress.AddTask("badges verified", maxValue: 1);
                issued.IsIndeterminate = true;
                long patience = time.GetTimestamp();
                while (!arrived && time.GetElapsedTime(patience) < Patience)
                {
                    for (int i = 0; i < 1 + (world.Steps / MostTicks) && await world.AdvanceAsync(ct).ConfigureAwait(false) is not null; i++)
                    {
                        script.Increment(1);
                        patience = time.GetTimestamp();
                    }

                    long completions = (await ledger.TotalsAsync(ct).ConfigureAwait(false)).Completions;
                    read.Value = completions;
                    int all = await VerifyNewAsync(ct).ConfigureAwait(false);
                    issued.MaxValue = Math.Max(1, all);
                    issued.Value = verified.Count;
                    arrived = script.Value >= world.Steps && await IsAllReadAsync(ct).ConfigureAwait(false) && !await ledger.IsUnderWayAsync(ct).ConfigureAwait(false) && all == verified.Count + failures.Count;
                    if (!arrived)
                    {
                        await Task.Delay(Step, time, ct).ConfigureAwait(false);
                    }
                }

                issued.IsIndeterminate = false;
            }).ConfigureAwait(false);
        return await ConcludeAsync(arrived, ct).ConfigureAwait(false);
    }

    // A reading that ends after the last step may have begun before it; the next one has not. Only then has every platform told everything.
    private async Task<bool> IsAllReadAsync(CancellationToken ct)
    {
        HashSet<string> polled = [.. services.GetRequiredService<ActiveConfiguration>().Current.Sources.Where(s => !s.Paused).Select(s => s.Name)];
        foreach (SourceState source in (await ledger.SourcesAsync(ct).ConfigureAwait(false)).Where(s => polled.Contains(s.Name)))
        {
            (DateTimeOffset? last, int count) = readings.GetValueOrDefault(source.Name, (source.LastSuccess, 0));
            readings[source.Name] = last == source.LastSuccess ? (last, count) : (source.LastSuccess, count + 1);
        }

        return readings.Count == polled.Count && readings.Values.All(r => r.Readings >= 2);
    }

    // Verifies the files of badges that were issued since the last look, as anyone who gets one would.
    private async Task<int> VerifyNewAsync(CancellationToken ct)
    {
        IReadOnlyList<IssuanceLine> issued = await ledger.IssuancesInStateAsync(IssuanceState.Issued, int.MaxValue, ct).ConfigureAwait(false);
        foreach (IssuanceLine line in issued.Where(l => !verified.Contains(l.Id)))
        {
            string[] files = Directory.GetFiles(Path.Combine(badges, line.Definition), $"{line.Id:D}.*");
            bool good = files.Length > 0;
            foreach (string file in files)
            {
                IReadOnlyList<CheckResult> checks = await verifier.VerifyAsync(await File.ReadAllBytesAsync(file, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
                foreach (CheckResult failed in checks.Where(c => c.Outcome == CheckOutcome.Failed))
                {
                    good = false;
                    failures.Add($"{Path.GetFileName(file)}: {failed.Name}: {failed.Sentence}");
                }
            }

            if (good)
            {
                verified.Add(line.Id);
                firstVerified ??= Stopwatch.GetElapsedTime(start);
            }
            else if (files.Length == 0)
            {
                failures.Add($"{line.Definition}/{line.Id}: no file was written");
            }
        }

        return issued.Count;
    }

    private async Task<DemoResult> ConcludeAsync(bool arrived, CancellationToken ct)
    {
        // On a slow machine a badge may be issued between the last look and this one.
        await VerifyNewAsync(ct).ConfigureAwait(false);
        IReadOnlyList<IssuanceLine> issued = await ledger.IssuancesInStateAsync(IssuanceState.Issued, int.MaxValue, ct).ConfigureAwait(false);
        HashSet<Guid> expected = await ExpectedAsync(ct).ConfigureAwait(false);
        LedgerTotals totals = await ledger.TotalsAsync(ct).ConfigureAwait(false);
        if (!arrived)
        {
            failures.Add($"after {Patience.TotalSeconds:0} s of silence {totals.Completions} of about {world.CompletionsAtEnd} completions had arrived and {verified.Count} of {expected.Count} badges");
        }

        failures.AddRange(expected.Except(issued.Select(i => i.Id)).Select(missing => $"issuance {missing} was earned and not issued"));
        failures.AddRange(issued.Select(i => i.Id).Except(expected).Select(extra => $"issuance {extra} was issued and not earned"));
        IReadOnlyList<IssuanceCount> counts = await ledger.CountIssuancesAsync(ct).ConfigureAwait(false);
        Story? story = issued.Count == 0 ? null : await Story.OfAsync(ledger, issued[0].Id.ToString("D"), ct).ConfigureAwait(false);
        return new DemoResult
        {
            Good = failures.Count == 0 && issued.Count > 0 && verified.Count == issued.Count,
            Completions = totals.Completions,
            People = totals.People,
            Issued = issued.Count,
            Verified = verified.Count,
            Fingerprint = DemoResult.FingerprintOf(issued),
            FirstVerifiedAfter = firstVerified,
            Badges = badges,
            Credentials = [.. counts.GroupBy(c => c.Definition).Select(g => new DemoCredential(
                g.Key, g.Where(c => c.State == IssuanceState.Issued).Sum(c => c.Count), issued.Count(i => i.Definition == g.Key && verified.Contains(i.Id)), g.Where(c => c.State == IssuanceState.Held).Sum(c => c.Count)))],
            Story = story,
            Failures = [.. failures.Distinct()],
        };
    }

    // What the rule book gives from nothing but the completions, whatever was planned on the way there.
    private async Task<HashSet<Guid>> ExpectedAsync(CancellationToken ct)
    {
        RuleBook ruleBook = services.GetRequiredService<ActiveConfiguration>().Current.RuleBook;
        var expected = new HashSet<Guid>();
        Guid? after = null;
        while (true)
        {
            IReadOnlyList<PersonHistory> page = await ledger.HistoriesAfterAsync(after, 500, ct).ConfigureAwait(false);
            if (page.Count == 0)
            {
                return expected;
            }

            foreach (PersonHistory history in page)
            {
                foreach (Decision.Issue issue in ruleBook.Decide(history with { Issuances = [] }, time.GetUtcNow()).OfType<Decision.Issue>())
                {
                    expected.Add(new IssuanceKey(issue.Definition, issue.Subject, issue.Occurrence).Id);
                }

                after = history.Subject;
            }
        }
    }
}
