using System.Collections.Concurrent;

namespace CredSync.Sources.Http;

/// <summary>
/// Spaces the calls to one host evenly over time. Whoever brings what happens now goes first; a <see cref="Backfill"/> takes the turns that are left.
/// </summary>
internal sealed class CallBudget(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> live = new();
    private readonly Queue<TaskCompletionSource> backfill = new();
    private DateTimeOffset next = DateTimeOffset.MinValue;
    private TimeSpan interval;
    private ITimer? timer;

    /// <summary>Waits for a turn.</summary>
    /// <param name="callsPerMinute">How many calls a minute there may be; of several callers' wishes the last one counts.</param>
    /// <param name="ct">Gives the turn up.</param>
    public async Task WaitAsync(int callsPerMinute, CancellationToken ct)
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            interval = TimeSpan.FromMinutes(1) / callsPerMinute;
            (Backfill.IsUnderWay ? backfill : live).Enqueue(turn);
            Serve();
        }

        await using (ct.Register(() => turn.TrySetCanceled(ct)).ConfigureAwait(false))
        {
            await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives the turns that are due, and wakes for the next one; called under the lock.</summary>
    private void Serve()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (live.Count + backfill.Count > 0)
        {
            if (next > now)
            {
                timer ??= time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                timer.Change(next - now, Timeout.InfiniteTimeSpan);
                return;
            }

            // Whoever gave up took no turn.
            if ((live.Count > 0 ? live : backfill).Dequeue().TrySetResult())
            {
                next = now + interval;
            }
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            Serve();
        }
    }
}

/// <summary>The budgets by host: sources that ask the same host share one.</summary>
internal sealed class CallBudgets
{
    private readonly ConcurrentDictionary<string, CallBudget> budgets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The budget of a host.</summary>
    public CallBudget Of(Uri address, TimeProvider time) => budgets.GetOrAdd(address.Authority, _ => new CallBudget(time));
}
