using CredSync.Core.Polling;
using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Sources;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake.Hooks;

/// <summary>
/// Takes claimed deliveries in: asks the adapter what each means, hands all of it to intake as one page whose commit marks the deliveries taken. A crash anywhere
/// before that commit only means that they are taken again.
/// </summary>
internal sealed class DeliveryDesk(ILedger ledger, CompletionIntake intake, SourceRegistry sources, ActiveConfiguration active, LeaseOwner owner, OutboxSignal outbox, TimeProvider time, ILogger<DeliveryDesk> logger)
{
    /// <summary>How many deliveries are claimed at once.</summary>
    public const int Batch = 200;

    /// <summary>How long a claim holds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    // What a person or a mended platform helps waits for ever; what the adapter cannot take, this often.
    private const int MostAttempts = 10;
    private const int AtOnce = 4;

    /// <summary>Takes what is waiting of a source, one batch.</summary>
    /// <returns>How many deliveries were claimed, and what was taken in.</returns>
    public async Task<(int Claimed, PageCounts Counts)> TakeAsync(string source, CancellationToken ct)
    {
        IReadOnlyList<ClaimedDelivery> claims = await ledger.ClaimDeliveriesAsync(source, owner, Batch, Lease, ct).ConfigureAwait(false);
        if (claims.Count == 0)
        {
            return (0, new PageCounts());
        }

        try
        {
            return (claims.Count, await TakeAsync(source, claims, ct).ConfigureAwait(false));
        }
        catch
        {
            await GiveBackAsync(claims).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PageCounts> TakeAsync(string source, IReadOnlyList<ClaimedDelivery> claims, CancellationToken ct)
    {
        Reading[] readings = await ReadAsync(source, claims, ct).ConfigureAwait(false);
        List<Reading> good = [.. readings.Where(r => r.Result is not null)];
        List<DeliveryEnd> ends = [.. readings.Where(r => r.Result is null).Select(r => r.End!)];
        PageCounts counts = await TakeInAsync(source, good, ends, ct).ConfigureAwait(false);
        if (ends.Count > 0)
        {
            await ledger.EndDeliveriesAsync(owner, ends, ct).ConfigureAwait(false);
            Log.DeliveriesLeft(logger, source, ends.Count(e => e.NotBefore is not null), ends.Count(e => e.NotBefore is null), ends[0].Sentence);
        }

        Log.Delivered(logger, source, good.Count, counts.New, counts.Revised, counts.Unchanged, counts.Unreadable, counts.Planned, counts.Held);
        return counts;
    }

    // Whoever stops, or was in another's way, leaves its claims to the next at once; should this fail too, they lapse.
    private async Task GiveBackAsync(IReadOnlyList<ClaimedDelivery> claims)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        try
        {
            await ledger.EndDeliveriesAsync(owner, [.. claims.Select(c => new DeliveryEnd { Number = c.Number, Cause = "interrupted", Sentence = "A worker was interrupted while it took this delivery.", NotBefore = time.GetUtcNow() })], limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or OperationCanceledException or CollisionException)
        {
            // They lapse.
        }
    }

    /// <summary>What a delivery means, with its own id as the message that told us.</summary>
    public static async Task<WebhookReading> ReadAsync(IWebhookSource adapter, WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        WebhookReading reading = await adapter.TakeAsync(delivery, known, ct).ConfigureAwait(false);
        return reading with { Completions = [.. reading.Completions.Select(c => c with { SourceEventId = c.SourceEventId ?? delivery.Id })] };
    }

    private async Task<Reading[]> ReadAsync(string source, IReadOnlyList<ClaimedDelivery> claims, CancellationToken ct)
    {
        var adapter = (IWebhookSource)sources.Find(source);
        var known = new LedgerKnowledge(ledger, source);
        var readings = new Reading[claims.Count];
        await Parallel.ForAsync(0, claims.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, token) =>
        {
            ClaimedDelivery claim = claims[i];
            try
            {
                readings[i] = new Reading(claim, await ReadAsync(adapter, claim.Delivery, known, token).ConfigureAwait(false), null);
            }
            catch (SourceException e)
            {
                readings[i] = new Reading(claim, null, Later(claim, e.Kind, e.Message, e.RetryAfter));
            }
            catch (Exception e) when (e is not OperationCanceledException && e is not StorageException)
            {
                Log.AdapterDefect(logger, source, e);
                readings[i] = new Reading(claim, null, Defect(claim, e));
            }
        }).ConfigureAwait(false);
        return readings;
    }

    // Together if they go together; else each alone, so that the one which cannot be taken in is found and does not hold up the others.
    private async Task<PageCounts> TakeInAsync(string source, List<Reading> readings, List<DeliveryEnd> ends, CancellationToken ct)
    {
        if (readings.Count == 0)
        {
            return new PageCounts();
        }

        try
        {
            return await CommitAsync(source, readings, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StorageException or LeaseLostException or CollisionException))
        {
            if (readings.Count == 1)
            {
                Log.AdapterDefect(logger, source, e);
                ends.Add(Defect(readings[0].Claim, e));
                return new PageCounts();
            }
        }

        var total = new PageCounts();
        foreach (Reading reading in readings)
        {
            total += await TakeInAsync(source, [reading], ends, ct).ConfigureAwait(false);
        }

        return total;
    }

    private async Task<PageCounts> CommitAsync(string source, List<Reading> readings, CancellationToken ct)
    {
        var page = new SourcePage
        {
            Completions = [.. readings.SelectMany(r => r.Result!.Completions)],
            Unreadable = [.. readings.SelectMany(r => r.Result!.Unreadable)],
            Next = default,
        };
        Core.Configuration.SourceAbsence policy = active.Current.Sources.FirstOrDefault(s => s.Name == source)?.Absence ?? Core.Configuration.SourceAbsence.Keep;
        await new Absence(ledger, source, policy, 0, time).ForgetAsync(page.Completions, ct).ConfigureAwait(false);
        PageCounts counts = await intake.TakeAsync(new DeliveryClaim(source, owner.ToString(), [.. readings.Select(r => r.Claim.Number)]), page, active.Current, ct).ConfigureAwait(false);
        if (counts.Planned > 0)
        {
            outbox.Notify();
        }

        return counts;
    }

    private DeliveryEnd Later(ClaimedDelivery claim, FaultKind kind, string sentence, TimeSpan? retryAfter)
    {
        FaultAction action = FaultPolicy.ActionFor(kind);
        bool giveUp = action is FaultAction.Park or FaultAction.Hold || (kind == FaultKind.Broken && claim.Attempt >= MostAttempts);

        // A platform whose settings a person must mend is asked again as seldom as one that is away for long.
        TimeSpan? wait = new PollBackoff { Failures = claim.Attempt - 1 }.AfterFailure(FaultAction.BackOff, retryAfter, Fraction(claim.Number)).Wait;
        return new DeliveryEnd { Number = claim.Number, Cause = Words(kind), Sentence = sentence, NotBefore = giveUp ? null : time.GetUtcNow() + wait };
    }

    private DeliveryEnd Defect(ClaimedDelivery claim, Exception e) => new()
    {
        Number = claim.Number,
        Cause = "adapter-defect",
        Sentence = $"The adapter failed in an unforeseen way ({e.GetType().Name}); report it to its author with the log of this moment, then replay the delivery.",
        NotBefore = claim.Attempt >= MostAttempts ? null : time.GetUtcNow() + new PollBackoff { Failures = claim.Attempt - 1 }.AfterFailure(FaultAction.BackOff, null, Fraction(claim.Number)).Wait,
    };

    private static string Words(FaultKind kind) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static double Fraction(long number) => (uint)HashCode.Combine(number) / ((double)uint.MaxValue + 1);

    private sealed record Reading(ClaimedDelivery Claim, WebhookReading? Result, DeliveryEnd? End);
}
