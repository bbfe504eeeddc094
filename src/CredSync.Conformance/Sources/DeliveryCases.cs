using System.Text;
using CredSync.Completions;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;
using static CredSync.Conformance.Sources.SourceConformance;

namespace CredSync.Conformance.Sources;

/// <summary>What a source makes of what its platform sends.</summary>
internal static class DeliveryCases
{
    private static readonly string[] OtherShapes = ["{}", "[]", "[{}]", "\"text\"", "17", "null", "true", """{"id":null,"data":[],"type":{},"event":1,"object":"x","actor":[]}"""];

    public static IEnumerable<ConformanceCase> For(SourceUnderTest source)
    {
        yield return new("a delivery always comes to the same completions", "A delivery is taken again after a crash, and by hand.", ct => AgainAsync(source, ct));
        yield return new("a delivery and a poll tell the same facts", "A fact that has one key when it is polled and another when it is pushed is issued twice.", ct => SameFactsAsync(source, ct));
        yield return new("a delivery of another shape does no harm", "Anybody who finds the address can send anything.", ct => OtherShapeAsync(source, ct));
    }

    private static async Task AgainAsync(SourceUnderTest source, CancellationToken ct)
    {
        foreach (WebhookDelivery delivery in source.Deliveries)
        {
            WebhookReceipt receipt = Make(source).Look(delivery);
            Require(receipt.Malformed is null && receipt.Status is >= 200 and <= 299, $"The delivery {delivery.Id} is refused: {receipt.Malformed ?? receipt.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");
            IReadOnlyList<Completion> first = await TakeAsync(source, delivery, ct).ConfigureAwait(false);
            IReadOnlyList<Completion> second = await TakeAsync(source, delivery, ct).ConfigureAwait(false);
            Require(first.Count > 0, $"The delivery {delivery.Id} tells of no completion.");
            Require(first.Select(Readings.Content).SequenceEqual(second.Select(Readings.Content)), $"The delivery {delivery.Id} came to something else the second time.");
        }
    }

    private static async Task SameFactsAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings polled = await ReadAllAsync(source, ct).ConfigureAwait(false);
        foreach (WebhookDelivery delivery in source.Deliveries)
        {
            foreach (Completion pushed in await TakeAsync(source, delivery, ct).ConfigureAwait(false))
            {
                Require(polled.Find(pushed.Key) is not null, $"The delivery {delivery.Id} tells of {pushed.Key.NaturalKey}, and no poll has this key.");
                Completion same = polled.Find(pushed.Key)!;

                // Platforms write the same moment with more or fewer digits in one place than in the other.
                bool agree = (same.Status, same.Course.Key) == (pushed.Status, pushed.Course.Key)
                    && same.CompletedAt.HasValue == pushed.CompletedAt.HasValue
                    && ((same.CompletedAt - pushed.CompletedAt)?.Duration() ?? TimeSpan.Zero) < TimeSpan.FromMinutes(1);
                Require(agree, $"Polled and pushed, {pushed.Key.NaturalKey} has another course, status or date.");
            }
        }
    }

    private static async Task OtherShapeAsync(SourceUnderTest source, CancellationToken ct)
    {
        foreach (string shape in OtherShapes)
        {
            WebhookDelivery delivery = source.Deliveries[0] with { Id = "another-shape", Body = Encoding.UTF8.GetBytes(shape) };
            try
            {
                if (Make(source).Look(delivery).Malformed is null)
                {
                    Require((await TakeAsync(source, delivery, ct).ConfigureAwait(false)).Count == 0, $"The delivery {shape} came to a completion.");
                }
            }
            catch (Exception fault) when (fault is not (ConformanceException or SourceException) && !ct.IsCancellationRequested)
            {
                throw new ConformanceException($"The delivery {shape} ended in {fault.GetType().Name}.", fault);
            }
        }
    }

    private static async Task<IReadOnlyList<Completion>> TakeAsync(SourceUnderTest source, WebhookDelivery delivery, CancellationToken ct) =>
        (await Make(source).TakeAsync(delivery, new Readings(), ct).ConfigureAwait(false)).Completions;

    private static IWebhookSource Make(SourceUnderTest source) => source.Create(source.Platform()) as IWebhookSource
        ?? throw new ConformanceException("There are deliveries, and the source is no IWebhookSource.");
}
