namespace CredSync.Sources;

/// <summary>An optional power of a source: its platform sends deliveries (webhooks, pushed statements) as well as being polled.</summary>
/// <remarks>
/// The host listens, proves who sent a delivery, stores it whole before it answers, and hands it over later, possibly in another process and more than
/// once; the same delivery must always come to the same completions. The adapter is registered with the <see cref="WebhookTrust"/> that it needs.
/// </remarks>
public interface IWebhookSource
{
    /// <summary>Looks at a proven delivery before it is stored. Pure and fast: it makes no calls and decides only whether the delivery has the platform's shape and how to answer.</summary>
    /// <param name="delivery">The delivery; its body is well-formed JSON in UTF-8.</param>
    /// <returns>How to answer.</returns>
    WebhookReceipt Look(WebhookDelivery delivery);

    /// <summary>Takes a stored delivery: maps it, or, where the message itself is not to be trusted, reads again what it points to.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="known">What the ledger already knows from this source.</param>
    /// <param name="ct">Cancels the calls; stop promptly.</param>
    /// <returns>What it means; empty when it is about something that is no completion.</returns>
    /// <exception cref="SourceException">The platform cannot be asked; the delivery waits and is taken again. Do not retry, sleep or log.</exception>
    Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct);
}

/// <summary>How far an adapter trusts what a delivery says.</summary>
public enum WebhookTrust
{
    /// <summary>Not at all: the delivery only tells what to read again from the platform. It may come without a proof of its sender.</summary>
    Hint,

    /// <summary>Its content is taken as fact. It must come with a proof of its sender.</summary>
    Fact,
}
