using System.Threading.Channels;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Intake.Hooks;

/// <summary>
/// Stores deliveries, all that arrived while the last were being stored in one transaction: one sender waits for one commit, a flood does not wait for a thousand.
/// </summary>
internal sealed class DeliveryStore(IDeliveryLedger ledger, DeliverySignal signal) : BackgroundService
{
    private const int Most = 500;
    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Stores a delivery; when it returns, it is on disk.</summary>
    /// <exception cref="StorageException">The ledger does not take it; nothing was stored.</exception>
    public async Task StoreAsync(DeliveryRow row, CancellationToken ct)
    {
        var item = new Pending(row, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!pending.Writer.TryWrite(item))
        {
            throw new StorageException("More deliveries arrive than the ledger takes; the sender is asked to come again.");
        }

        await item.Done.Task.WaitAsync(ct).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>(Most);
        try
        {
            while (await pending.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                while (batch.Count < Most && pending.Reader.TryRead(out Pending? item))
                {
                    batch.Add(item);
                }

                await StoreAsync(batch, stoppingToken).ConfigureAwait(false);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            batch.ForEach(b => b.Done.TrySetCanceled(stoppingToken));
        }
    }

    private async Task StoreAsync(List<Pending> batch, CancellationToken ct)
    {
        try
        {
            await ledger.StoreDeliveriesAsync([.. batch.Select(b => b.Row)], ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // Told to every sender in turn; none of them was answered with yes.
            batch.ForEach(b => b.Done.TrySetException(e as StorageException ?? new StorageException("The ledger does not take deliveries now.", e)));
            return;
        }

        batch.ForEach(b => b.Done.TrySetResult());
        foreach (string source in batch.Where(b => b.Row.Cause is null).Select(b => b.Row.Source).Distinct(StringComparer.Ordinal))
        {
            signal.Of(source).Notify();
        }
    }

    private sealed record Pending(DeliveryRow Row, TaskCompletionSource Done);
}
