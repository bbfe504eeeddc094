using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands under <c>webhook:</c> of a source.</summary>
internal static class WebhookShape
{
    /// <summary>The words for a proof, in the order of <see cref="WebhookProof"/>.</summary>
    public static readonly IReadOnlyList<string> Proofs = ["standard-webhooks", "hmac-sha256", "token", "path", "basic", "oauth", "none"];

    public static readonly RecordShape Webhook = new("'webhook'", "How deliveries of the platform are taken.",
    [
        new("proof", "How a delivery proves who sent it; none is only for adapters that read again before they believe.", new ValueShape(new ChoiceType(Proofs))) { Required = true, Example = "standard-webhooks" },
        new("secrets", "The secrets that prove it; any of them does, so that one can be replaced while both are in use.", new ListShape(new ValueShape(Types.Secret), atLeast: 1)) { Example = "[env:HOOK_SECRET]" },
        new("public_keys", "Public keys of a sender that signs with a key of its own (standard-webhooks with Ed25519), beside the secrets or in their place; any of them proves it.", new ListShape(new ValueShape(Types.DeliveryKey), atLeast: 1)) { Example = "[whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=]" },
        new("client_id", "The name that goes with the secrets, for basic and oauth.", new ValueShape(Types.Text)) { Example = "coursera-push" },
        new("header", "The header that holds the signature (hmac-sha256) or the token (token), when it is not the usual one.", new ValueShape(Types.Text)) { Example = "X-Hook-Token" },
        new("field", "The field of the body that holds the token (token); it is taken out before anything is stored.", new ValueShape(Types.Text)) { Example = "token" },
        new("tolerance", "How far a signed delivery's own time may be from ours, either way.", new ValueShape(Types.Duration)) { Default = "5m" },
        new("largest_kib", "The largest body, in KiB.", new ValueShape(new NumberType(whole: true, min: 1, max: 10_240))) { Default = "256" },
        new("per_second", "How many proven deliveries a second are taken for long; twice as many in a burst.", new ValueShape(new NumberType(whole: true, min: 1, max: 100_000))) { Default = "500" },
        new("keep", "How long a delivery is kept after it was taken, so that it can be replayed.", new ValueShape(Types.Duration)) { Default = "30d" },
    ], new KeyRule.AtMostOneOf("header", "field"));
}
