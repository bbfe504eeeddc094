using System.Collections.Concurrent;
using CredSync.Host.Dispatch;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Wakes the consumer of a source when a delivery of it was stored by this process. A hint: the ledger is the truth.</summary>
internal sealed class DeliverySignal : IDisposable
{
    private readonly ConcurrentDictionary<string, OutboxSignal> signals = new(StringComparer.Ordinal);

    /// <summary>The signal of a source.</summary>
    public OutboxSignal Of(string source) => signals.GetOrAdd(source, static _ => new OutboxSignal());

    public void Dispose()
    {
        foreach (OutboxSignal signal in signals.Values)
        {
            signal.Dispose();
        }
    }
}
