using System.Globalization;
using CredSync.Host.Intake;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Queue;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Issuers;
using CredSync.Sources;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations;

/// <summary>Looks at everything that a worker needs, from where this process stands, and says what to do about what is not well; changes nothing at platforms and issuers.</summary>
internal sealed class DoctorDesk(
    WorkerSettings settings, ILedger ledger, ISql sql, IIssueJournal journal, IOptions<QueueOptions> queue, SourceRegistry sources, IssuerRegistry issuers, ActiveConfiguration active, TokenDesk tokens, TimeProvider time)
{
    private const long LeastDisk = 1L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Looks at everything but the configuration's files, which were read before this could be made.</summary>
    public async Task<IReadOnlyList<CheckResult>> LookAsync(CancellationToken ct)
    {
        var results = new List<CheckResult>
        {
            Disk(settings.DataFolder),
            await TryAsync("ledger", "Start the database, or correct Ledger:ConnectionString.", LedgerAsync, ct).ConfigureAwait(false),
            await TryAsync("journal", "Start the database, or correct Issue:ConnectionString.", JournalAsync, ct).ConfigureAwait(false),
        };
        bool there = results[1].Outcome == CheckOutcome.Passed;
        if (there && sql.IsShared)
        {
            results.Add(await ClockAsync(ct).ConfigureAwait(false));
        }

        if (queue.Value.ConnectionString is { Length: > 0 } address)
        {
            await using var broker = new Broker(BrokerAddress.Parse(address));
            var declarations = new BrokerDeclarations(broker);
            results.Add(await TryAsync("queue", "Start the broker, or correct Queue:ConnectionString.", own => QueueAsync(declarations, own), ct).ConfigureAwait(false));
            if (results[^1].Outcome == CheckOutcome.Passed)
            {
                results.Add(await UnhandledAsync(declarations, ct).ConfigureAwait(false));
            }
        }
        else
        {
            results.Add(new CheckResult("queue", CheckOutcome.Passed, "is in memory; the ledger sends again what a stop loses"));
        }

        results.AddRange(tokens.All().Select(Token));
        if (there)
        {
            results.AddRange((await ledger.SourcesAsync(ct).ConfigureAwait(false)).Where(s => s.PausedBecause is not null)
                .Select(s => new CheckResult($"source {s.Name}", CheckOutcome.Warning, $"is paused: {s.PausedBecause}", $"Mend it, then: credsync sources resume {s.Name}")));
        }

        // Side by side: one that does not answer keeps nobody waiting for the others.
        HashSet<string> leftOut = [.. active.Current.Sources.Where(s => s.Paused).Select(s => s.Name)];
        foreach (IReadOnlyList<CheckResult> found in await Task.WhenAll(
            sources.All.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => leftOut.Contains(s.Key)
                ? Task.FromResult<IReadOnlyList<CheckResult>>([new CheckResult($"source {s.Key}", CheckOutcome.NotChecked, "is left out: paused in its file", $"credsync check {s.Key}")])
                : CheckAsync($"source {s.Key}", s.Value, ct))
            .Concat(issuers.All.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => CheckAsync($"issuer {i.Key}", i.Value, ct)))).ConfigureAwait(false))
        {
            results.AddRange(found);
        }

        return results;
    }

    /// <summary>How much room there is under a folder, or where it will be.</summary>
    public static CheckResult Disk(string data)
    {
        try
        {
            string there = Path.GetFullPath(data);
            while (!Directory.Exists(there))
            {
                there = Path.GetDirectoryName(there) ?? "/";
            }

            long free = new DriveInfo(there).AvailableFreeSpace;
            string sentence = string.Create(CultureInfo.InvariantCulture, $"{free / (double)LeastDisk:0.#} GiB are free under '{data}'");
            return free < LeastDisk ? new CheckResult("disk", CheckOutcome.Warning, sentence, "Free at least 1 GiB.") : new CheckResult("disk", CheckOutcome.Passed, sentence);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new CheckResult("disk", CheckOutcome.NotChecked, $"cannot be asked ({e.GetType().Name})");
        }
    }

    private static CheckResult Token(TokenView token)
    {
        string sentence = string.Create(CultureInfo.InvariantCulture, $"{(token.DaysLeft < 0 ? "ended" : "ends")} on {token.LastDay:yyyy-MM-dd}{(token.DaysLeft < 0 ? "" : $", in {token.DaysLeft} days")}");
        string remedy = "Make a new one there, put it behind the secret, and correct token_expires in the file.";
        return token.DaysLeft < 0 ? new CheckResult($"token of {token.Kind} {token.Name}", CheckOutcome.Failed, sentence, remedy)
            : token.DaysLeft <= TokenDesk.SoonDays ? new CheckResult($"token of {token.Kind} {token.Name}", CheckOutcome.Warning, sentence, remedy)
            : new CheckResult($"token of {token.Kind} {token.Name}", CheckOutcome.Passed, sentence);
    }

    private static async Task<IReadOnlyList<CheckResult>> CheckAsync(string name, object adapter, CancellationToken ct)
    {
        if (adapter is not ICheckable checkable)
        {
            return [new CheckResult(name, CheckOutcome.NotChecked, "has nothing that can be checked without using it")];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return [.. (await checkable.CheckAsync(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false)).Select(r => r with { Name = $"{name}: {r.Name}" })];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [new CheckResult(name, CheckOutcome.Failed, $"did not answer within {Words.Duration(Patience)}", "Look whether it is reached from the worker's machine.")];
        }
        catch (Exception e) when (e is SourceException or IssuerException)
        {
            return [new CheckResult(name, CheckOutcome.Failed, e.Message)];
        }
    }

    private async Task<string> LedgerAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        await ledger.MigrateAsync(ct).ConfigureAwait(false);
        LedgerTotals totals = await ledger.TotalsAsync(ct).ConfigureAwait(false);
        return string.Create(CultureInfo.InvariantCulture, $"answers in {time.GetElapsedTime(start).TotalMilliseconds:0} ms, is up to date, holds {totals.Completions:N0} completions and {totals.Issuances:N0} issuances");
    }

    private async Task<string> JournalAsync(CancellationToken ct)
    {
        await journal.MigrateAsync(ct).ConfigureAwait(false);
        return "answers and is up to date";
    }

    private static async Task<string> QueueAsync(BrokerDeclarations declarations, CancellationToken ct)
    {
        await declarations.OutcomeAsync(ct).ConfigureAwait(false);
        return "lets us in and has our queues";
    }

    private static async Task<CheckResult> UnhandledAsync(BrokerDeclarations declarations, CancellationToken ct)
    {
        const string Name = "unhandled messages";
        try
        {
            IReadOnlyList<(string Kind, long Records)> waiting = await declarations.UnhandledAsync(ct).ConfigureAwait(false);
            return waiting.Count == 0
                ? new CheckResult(Name, CheckOutcome.Passed, "there are none")
                : new CheckResult(
                    Name, CheckOutcome.Warning, $"left {string.Join(", ", waiting.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Records} in {QueueNames.OfUnhandled(w.Kind)}")))}",
                    "Read the records at the broker; credsync trace shows the issuance that one names. Purge the queue when each is understood.");
        }
        catch (StorageException e)
        {
            return new CheckResult(Name, CheckOutcome.NotChecked, e.Message);
        }
    }

    private async Task<CheckResult> ClockAsync(CancellationToken ct)
    {
        DateTimeOffset theirs = (await sql.ReadAsync("SELECT clock_timestamp()", SqlValues.None, r => r.Time(0), ct).ConfigureAwait(false))[0];
        TimeSpan apart = (theirs - time.GetUtcNow()).Duration();
        string sentence = string.Create(CultureInfo.InvariantCulture, $"is {apart.TotalSeconds:0.0} s apart from the database's");
        return apart < TimeSpan.FromSeconds(5)
            ? new CheckResult("clock", CheckOutcome.Passed, sentence)
            : new CheckResult("clock", CheckOutcome.Failed, $"{sentence}; leases and schedules go wrong", "Let both machines keep their time by NTP.");
    }

    private static async Task<CheckResult> TryAsync(string name, string remedy, Func<CancellationToken, Task<string>> look, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return new CheckResult(name, CheckOutcome.Passed, await look(limit.Token).ConfigureAwait(false));
        }
        catch (StorageException e)
        {
            return new CheckResult(name, CheckOutcome.Failed, e.Message, remedy);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new CheckResult(name, CheckOutcome.Failed, $"did not answer within {Words.Duration(Patience)}", remedy);
        }
    }
}
