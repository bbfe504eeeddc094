using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Sources;

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

    /// <summary>What replaying would change; changes nothing.</summary>
    /// <param name="adapter">The source's adapter.</param>
    /// <param name="filter">Which.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<ReplayEffect> PreviewAsync(IWebhookSource adapter, DeliveryFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = new LedgerKnowledge(ledger, filter.Source);
        await foreach (DeliveryLine line in LinesAsync(filter, ct).ConfigureAwait(false))
        {
            foreach ((string about, string effect) in await EffectsAsync(adapter, line, known, ct).ConfigureAwait(false))
            {
                yield return new ReplayEffect(line.Delivery.Id, line.Delivery.ReceivedAt, about, effect);
            }
        }
    }

    private async Task<IReadOnlyList<(string About, string Effect)>> EffectsAsync(IWebhookSource adapter, DeliveryLine line, LedgerKnowledge known, CancellationToken ct)
    {
        try
        {
            WebhookReading reading = await DeliveryDesk.ReadAsync(adapter, line.Delivery, known, ct).ConfigureAwait(false);
            var effects = new List<(string, string)>();
            foreach (Completion completion in reading.Completions)
            {
                CompletionLine? stored = await ledger.CompletionAsync(completion.Key, ct).ConfigureAwait(false);
                effects.Add((completion.Key.ToString(), Word(CompletionRevision.Merge(stored?.Completion, completion))));
            }

            effects.AddRange(reading.Unreadable.Select(u => (u.Reference, u.Sentence)));
            return effects.Count == 0 ? [("", "says nothing of a completion")] : effects;
        }
        catch (SourceException e)
        {
            return [("", e.Message)];
        }
    }

    private static string Word(CompletionChange change) => change switch
    {
        CompletionChange.New => "would add it",
        CompletionChange.Revised => "would revise it",
        CompletionChange.Stale => "would change nothing: something newer is known",
        _ => "would change nothing",
    };

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

/// <summary>What taking a stored delivery once more would change.</summary>
/// <param name="Delivery">Its id.</param>
/// <param name="Arrived">When it arrived, UTC.</param>
/// <param name="About">The completion, or where in the delivery something cannot be read; empty when it says nothing of one.</param>
/// <param name="Effect">What would come of it, in words.</param>
internal sealed record ReplayEffect(string Delivery, DateTimeOffset Arrived, string About, string Effect);
