using System.Runtime.CompilerServices;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Lets stored deliveries wait again, so that they are taken once more; what they mean is compared with what is known, so nothing is issued twice.</summary>
internal sealed class DeliveryReplay(ILedger ledger, OperatorLedger operators)
{
    private const int PageSize = 200;

    /// <summary>Marks deliveries as waiting, with an act in the audit.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="who">Who asks for it.</param>
    /// <param name="why">Why.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many wait now that did not, and the number of the last that was looked at.</returns>
    public async Task<(int Replayed, long Last)> MarkAsync(DeliveryFilter filter, string who, string why, CancellationToken ct)
    {
        int replayed = 0;
        long last = 0;
        await foreach (DeliveryLine line in LinesAsync(filter, ct).ConfigureAwait(false))
        {
            replayed += await ledger.ReplayAsync([line.Number], ct).ConfigureAwait(false);
            last = line.Number;
        }

        if (replayed > 0)
        {
            // Before they are taken: what is interrupted here is taken by the worker, and the audit says why.
            await operators.RecordAsync(
                new Act(who, "replay", $"source {filter.Source}", why, $"{replayed} deliveries{(filter.Id is null ? "" : $" with the id {filter.Id}")}{(filter.From is { } f ? $", from {Words.Time(f)}" : "")}{(filter.To is { } t ? $", before {Words.Time(t)}" : "")}")
                {
                    Was = "taken or set aside", Became = "waiting to be taken again",
                },
                ct).ConfigureAwait(false);
        }

        return (replayed, last);
    }

    /// <summary>Deliveries in the order of their arrival, page by page.</summary>
    public async IAsyncEnumerable<DeliveryLine> LinesAsync(DeliveryFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            IReadOnlyList<DeliveryLine> page = await ledger.DeliveriesAsync(filter, PageSize, ct).ConfigureAwait(false);
            foreach (DeliveryLine line in page)
            {
                yield return line;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            filter = filter with { After = page[^1].Number };
        }
    }
}
