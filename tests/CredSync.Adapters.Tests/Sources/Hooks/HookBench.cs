using System.Text;
using CredSync.Sources;

namespace CredSync.Adapters.Tests.Sources.Hooks;

/// <summary>Takes deliveries as the host does: looked at, taken, merged into what is known.</summary>
internal static class HookBench
{
    public static WebhookDelivery Delivery(string body, string target = "") => new()
    {
        Id = NameBasedUuid.Create(Guid.Empty, target + body).ToString(),
        ReceivedAt = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero),
        Target = target,
        Body = Encoding.UTF8.GetBytes(body),
    };

    public static async Task<WebhookReading> TakeAsync(this TestLedger ledger, ICompletionSource source, string body, CancellationToken ct, string target = "")
    {
        var hooks = (IWebhookSource)source;
        WebhookDelivery delivery = Delivery(body, target);
        hooks.Look(delivery).Malformed.ShouldBeNull();
        WebhookReading reading = await hooks.TakeAsync(delivery, ledger, ct);
        foreach (Completions.Completion completion in reading.Completions)
        {
            ledger.Set(completion);
        }

        return reading;
    }
}
