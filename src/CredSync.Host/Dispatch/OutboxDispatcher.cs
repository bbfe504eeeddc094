using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Dispatch;

/// <summary>
/// Moves planned issuances and revocations from the ledger to the queue: claim, publish with the broker's confirmation, mark sent. A crash between publishing and marking
/// publishes twice, which the issue journal makes harmless; a crash before it leaves a claim that lapses.
/// </summary>
internal sealed class OutboxDispatcher(ILedger ledger, IssuancePublisher publisher, OutboxSignal signal, Handover handover, QueueLifetime queue, LoopProgress progress, IOptions<DispatchOptions> options, TimeProvider time, ILogger<OutboxDispatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private readonly DispatchOptions settings = options.Value;
    private DateTimeOffset nextResend = DateTimeOffset.MinValue;
    private int looksInVain;

    /// <summary>Sends what is due, once.</summary>
    /// <returns>How many were sent, of issuances or of revocations, whichever are more: a full batch of either means that there may be more.</returns>
    public async Task<int> DispatchOnceAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now >= nextResend)
        {
            // Once at the start everything that an in-memory queue lost with its process; from then on what has waited too long.
            DateTimeOffset before = nextResend == DateTimeOffset.MinValue && queue.DiesWithProcess ? now : now - settings.ResendAfter;
            int again = await ledger.PlanUnansweredAgainAsync(before, ct).ConfigureAwait(false) + await ledger.PlanUnansweredRevocationsAgainAsync(before, ct).ConfigureAwait(false);
            nextResend = now + TimeSpan.FromSeconds(Math.Min(30, settings.ResendAfter.TotalSeconds / 2));
            if (again > 0)
            {
                Log.SentAgain(logger, again);
            }
        }

        if (queue.DiesWithProcess && await ledger.CountSentAsync(settings.MostUnanswered, ct).ConfigureAwait(false) >= settings.MostUnanswered)
        {
            return 0;
        }

        IReadOnlyList<ClaimedIssuance> handed = handover.Take();
        if (!queue.IsReachable())
        {
            await ledger.ReleaseAsync(handed, ct).ConfigureAwait(false);
            throw new QueueAwayException("The queue is away; planned issuances wait in the ledger.");
        }

        if (handed.Count > 0)
        {
            await PublishAsync(token => publisher.SendAsync(handed, token), handed, c => c.Id, ledger.MarkSentAsync, ledger.ReleaseAsync, ct).ConfigureAwait(false);
        }

        IReadOnlyList<ClaimedIssuance> claims = await ledger.ClaimAsync(settings.BatchSize, settings.ClaimLease, ct).ConfigureAwait(false);
        if (claims.Count > 0)
        {
            await PublishAsync(token => publisher.SendAsync(claims, token), claims, c => c.Id, ledger.MarkSentAsync, ledger.ReleaseAsync, ct).ConfigureAwait(false);
        }

        IReadOnlyList<ClaimedRevocation> revocations = await ledger.ClaimRevocationsAsync(settings.BatchSize, settings.ClaimLease, ct).ConfigureAwait(false);
        if (revocations.Count > 0)
        {
            await PublishAsync(
                token => publisher.SendAsync(revocations, token), revocations, c => c.Id,
                (sent, token) => ledger.MarkRevocationsSentAsync([.. sent.Select(c => c.Id)], token), (back, token) => ledger.ReleaseRevocationsAsync([.. back.Select(c => c.Id)], token), ct).ConfigureAwait(false);
        }

        return Math.Max(Math.Max(claims.Count, handed.Count), revocations.Count);
    }

    private async Task PublishAsync<T>(
        Func<CancellationToken, Task<Sending>> send, IReadOnlyCollection<T> claims, Func<T, Guid> id, Func<IReadOnlyCollection<T>, CancellationToken, Task> mark, Func<IReadOnlyCollection<T>, CancellationToken, Task> release, CancellationToken ct)
    {
        // Shorter than the claim: a broker that went silent must not keep this dispatcher from saying so.
        using var limit = new CancellationTokenSource(settings.ClaimLease / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        Sending sending = await send(either.Token).ConfigureAwait(false);
        if (sending.Fault is null)
        {
            await mark(claims, ct).ConfigureAwait(false);
            return;
        }

        // Given back first: what is left of the batch is then marked whole.
        HashSet<Guid> confirmed = [.. sending.Confirmed];
        await release([.. claims.Where(c => !confirmed.Contains(id(c)))], ct).ConfigureAwait(false);
        await mark([.. claims.Where(c => confirmed.Contains(id(c)))], ct).ConfigureAwait(false);
        throw limit.IsCancellationRequested && !ct.IsCancellationRequested
            ? new TimeoutException("The queue did not confirm in time; what it did not confirm is sent again.", sending.Fault)
            : new QueueAwayException("The queue did not take everything; the rest is sent again.", sending.Fault);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!queue.DiesWithProcess)
        {
            // Over memory what is on its way is kept few, which only the ledger can count.
            handover.Open(settings.ClaimLease, queue.IsReachable);
        }

        try
        {
            await LoopAsync(stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            await GiveBackAsync(handover.Close()).ConfigureAwait(false);
        }
    }

    // What was handed over and not sent is free for another worker at once; where the ledger is away, a little later.
    private async Task GiveBackAsync(IReadOnlyList<ClaimedIssuance> claims)
    {
        using var patience = new CancellationTokenSource(StopPatience, time);
        try
        {
            await ledger.ReleaseAsync(claims, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or OperationCanceledException)
        {
            Log.DispatchFailed(logger, e.GetType().Name, e.Message);
        }
    }

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                int sent = await DispatchOnceAsync(stoppingToken).ConfigureAwait(false);
                looksInVain = 0;
                progress.Beat("dispatch");
                if (sent < settings.BatchSize)
                {
                    await signal.WaitAsync(settings.PollEvery, time, stoppingToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (QueueAwayException e) when (e.InnerException is null && ++looksInVain == 1)
            {
                // A worker that starts looks at its ledger before its line to the broker stands: worth a word only when it stays away.
                await Task.Delay(settings.PollEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                // The loop outlives an absent broker or database: claims lapse, planned rows stay planned, and it tries again.
                progress.Fault("dispatch", e.GetType().Name);
                Log.DispatchFailed(logger, e.GetType().Name, e.Message);
                await Task.Delay(settings.PollEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
