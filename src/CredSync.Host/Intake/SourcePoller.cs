using System.Collections.Concurrent;
using CredSync.Core.Configuration;
using CredSync.Core.Polling;
using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Sources;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake;

/// <summary>Polls one source once: takes its lease, reads pages from the stored cursor, hands each to intake, and records how the run ended.</summary>
internal sealed class SourcePoller(ISourceLedger ledger, CompletionIntake intake, SourceRegistry sources, ActiveConfiguration active, LeaseOwner owner, OutboxSignal outbox, TimeProvider time, ILogger<SourcePoller> logger)
{
    // Renewed with every page, and in between while the source is slow: short enough that a dead worker's source is soon read by another.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RenewEvery = Lease / 4;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    // Sources whose reading from the beginning was begun here and has not come to its end: what is left of it is a backfill still.
    private readonly ConcurrentDictionary<string, bool> backfills = new(StringComparer.Ordinal);

    /// <summary>Polls a source once.</summary>
    /// <param name="name">The source's name.</param>
    /// <param name="progress">Told after every committed page; null when nobody watches.</param>
    /// <param name="ct">Cancels between and within pages; what was committed stays.</param>
    public async Task<PollResult> PollAsync(string name, IProgress<PageCounts>? progress, CancellationToken ct)
    {
        SourceState state = (await ledger.EnsureSourcesAsync([name], ct).ConfigureAwait(false))[0];
        if (state.PausedBecause is not null)
        {
            return PollResult.NotRun($"Source '{name}' is paused: {state.PausedBecause}");
        }

        RunLease? run = await ledger.TryBeginRunAsync(name, owner, Lease, ct).ConfigureAwait(false);
        if (run is null)
        {
            // Should the other have died, its lease is over by then.
            return PollResult.NotRun($"Source '{name}' is being polled by another worker.") with { NotBefore = time.GetUtcNow() + Lease };
        }

        using var cut = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task renewing = RenewAsync(run, cut);
        try
        {
            return await PollAsync(run, state, progress, cut.Token, ct).ConfigureAwait(false);
        }
        finally
        {
            await cut.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(false);
        }
    }

    private async Task<PollResult> PollAsync(RunLease run, SourceState state, IProgress<PageCounts>? progress, CancellationToken ct, CancellationToken stopping)
    {
        string name = run.Source;
        var total = new PageCounts();
        try
        {
            ICompletionSource source = sources.Find(name);
            Cursor? before = run.Since;
            Backfill.Set(IsBackfill(run, state));
            var read = new SourceRead { Since = run.Since, Known = new LedgerKnowledge(ledger, name) };
            SourceAbsence policy = active.Current.Sources.FirstOrDefault(s => s.Name == name)?.Absence ?? SourceAbsence.Keep;
            var absence = new Absence(ledger, name, policy, run.Run, time);
            await foreach (SourcePage page in source.ReadAsync(read, ct).ConfigureAwait(false))
            {
                if (page.Next == before)
                {
                    throw new SourceException(FaultKind.Broken, $"Source '{name}' yielded a page whose cursor is the one before it; this would never end. Report it to the adapter's author.");
                }

                before = page.Next;

                // Each page sees the rule book in force at that moment: a reload takes effect at the next page.
                await TakeAsync(await absence.LookAsync(page, ct).ConfigureAwait(false)).ConfigureAwait(false);
                if (page.EndsWhole)
                {
                    await foreach (SourcePage behind in absence.ConcludeAsync(page.Next, ct).ConfigureAwait(false))
                    {
                        await TakeAsync(behind).ConfigureAwait(false);
                    }
                }
            }

            await ledger.EndRunAsync(run, new RunEnd(), ct).ConfigureAwait(false);
            backfills.TryRemove(name, out _);
            Log.Polled(logger, name, total.Read, total.New, total.Revised, total.Unchanged, total.Unreadable, total.Planned, total.Held);
            return new PollResult(true, total, null, null, null);

            async Task TakeAsync(SourcePage page)
            {
                PageCounts counts = await intake.TakeAsync(run, page, active.Current, ct).ConfigureAwait(false);
                total += counts;
                progress?.Report(counts);
                if (counts.Planned > 0)
                {
                    outbox.Notify();
                }
            }
        }
        catch (SourceException e)
        {
            return await FailAsync(run, state, total, e.Kind, e.Message, e.RetryAfter).ConfigureAwait(false);
        }
        catch (LeaseLostException e)
        {
            return PollResult.NotRun(e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return PollResult.NotRun(new LeaseLostException(name).Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(run, StopPatience).ConfigureAwait(false);
            throw;
        }
        catch (StorageException e)
        {
            // Nothing is wrong with the source. Once the ledger is back the lease is given back, and whoever's turn it is reads on from the last committed page.
            await GiveBackAsync(run, Lease).ConfigureAwait(false);
            Log.LedgerAway(logger, name, e.Message);
            return PollResult.NotRun(e.Message) with { NotBefore = time.GetUtcNow() };
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not StorageException)
        {
            // Anything else than a SourceException is a defect of the adapter; it backs off like a broken answer, and other sources go on.
            Log.AdapterDefect(logger, name, e);
            return await FailAsync(run, state, total, FaultKind.Broken, $"Source '{name}' failed in an unforeseen way ({e.GetType().Name}); report it to the adapter's author with the log of this moment.", null).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a run reads what happened long ago: from the beginning, or the rest of such a reading that was cut short.</summary>
    private bool IsBackfill(RunLease run, SourceState state)
    {
        if (run.Since is null)
        {
            backfills[run.Source] = true;
        }

        return state.LastSuccess is null || backfills.ContainsKey(run.Source);
    }

    private async Task RenewAsync(RunLease run, CancellationTokenSource cut)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cut.Token).ConfigureAwait(false))
            {
                try
                {
                    if (!await ledger.RenewAsync(run, cut.Token).ConfigureAwait(false))
                    {
                        await cut.CancelAsync().ConfigureAwait(false);
                    }
                }
                catch (StorageException)
                {
                    // The ledger is away; the page under way will find that out too.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task GiveBackAsync(RunLease run, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, time);
        while (!limit.IsCancellationRequested)
        {
            try
            {
                await ledger.EndRunAsync(run, new RunEnd { CutShort = true }, limit.Token).ConfigureAwait(false);
                return;
            }
            catch (StorageException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The lease runs out by itself.
                return;
            }
        }
    }

    private async Task<PollResult> FailAsync(RunLease run, SourceState state, PageCounts total, FaultKind kind, string sentence, TimeSpan? retryAfter)
    {
        FaultAction action = FaultPolicy.ActionFor(kind);
        DateTimeOffset now = time.GetUtcNow();
        (PollBackoff _, TimeSpan? wait) = new PollBackoff { Failures = state.Failures }.AfterFailure(action, retryAfter, Fraction(run, now));
        bool pause = action == FaultAction.Pause;
        DateTimeOffset? notBefore = pause || wait is null ? null : now + wait;

        // A run that was cut short must give its lease back even while the worker stops.
        await ledger.EndRunAsync(run, new RunEnd { Fault = kind, Sentence = sentence, NotBefore = notBefore, Pause = pause }, CancellationToken.None).ConfigureAwait(false);
        if (pause)
        {
            Log.Paused(logger, run.Source, sentence);
        }
        else
        {
            Log.BackedOff(logger, run.Source, kind, wait ?? TimeSpan.Zero, sentence);
        }

        return new PollResult(false, total, kind, sentence, notBefore);
    }

    // Spread over time without randomness: which worker and which run it is are as good as a die.
    private static double Fraction(RunLease run, DateTimeOffset now) => (uint)HashCode.Combine(run.Owner, run.Run, now.Ticks) / ((double)uint.MaxValue + 1);
}

/// <summary>How a poll went.</summary>
/// <param name="Succeeded">Whether everything that there was has been read.</param>
/// <param name="Counts">What was committed, also when it failed later.</param>
/// <param name="Fault">The kind of the fault; null when there was none or it did not run.</param>
/// <param name="Sentence">Why it failed or did not run; null when it succeeded.</param>
/// <param name="NotBefore">When to try again; null when the schedule or a person decides.</param>
internal sealed record PollResult(bool Succeeded, PageCounts Counts, FaultKind? Fault, string? Sentence, DateTimeOffset? NotBefore)
{
    public static PollResult NotRun(string sentence) => new(false, new PageCounts(), null, sentence, null);
}
