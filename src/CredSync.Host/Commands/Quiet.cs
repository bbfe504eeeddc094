using CredSync.Host.Ledger;
using CredSync.Host.Outcome;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Commands;

/// <summary>Waits until a worker in this process has nothing under way.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Completes when no issuance is sent without an outcome, and none is planned that is not waiting for its time.</summary>
    public static async Task WhenNothingIsUnderWayAsync(IServiceProvider services, CancellationToken ct)
    {
        ILedger ledger = services.GetRequiredService<ILedger>();
        IssuedSignal signal = services.GetRequiredService<IssuedSignal>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        while (true)
        {
            Task next = signal.Next;
            if (!await ledger.IsUnderWayAsync(ct).ConfigureAwait(false))
            {
                return;
            }

            await Task.WhenAny(next, Task.Delay(Look, time, ct)).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
        }
    }
}
