namespace CredSync.Core.Configuration;

/// <summary>How a source takes deliveries: <c>webhook:</c> in its file.</summary>
public sealed record WebhookDefinition
{
    /// <summary>How a delivery proves who sent it.</summary>
    public required WebhookProof Proof { get; init; }

    /// <summary>The secrets that prove it; any of them does, so that one can be replaced while both are in use. Empty only without a proof, or with public keys.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <summary>Ed25519 public keys of 32 bytes that prove it as well as the secrets do, for <see cref="WebhookProof.StandardWebhooks"/> (its signatures <c>v1a</c>); empty otherwise.</summary>
    public IReadOnlyList<byte[]> PublicKeys { get; init; } = [];

    /// <summary>The name that goes with the secrets, for <see cref="WebhookProof.Basic"/> and <see cref="WebhookProof.Oauth"/>; null otherwise.</summary>
    public string? ClientId { get; init; }

    /// <summary>The header that holds signature or token; null for the usual one.</summary>
    public string? Header { get; init; }

    /// <summary>The field of the body that holds the token; null when a header does. It is taken out before the delivery is stored.</summary>
    public string? Field { get; init; }

    /// <summary>How far a signed delivery's own time may be from ours, either way. Default 5 minutes.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest body, in KiB. Default 256.</summary>
    public int LargestKib { get; init; } = 256;

    /// <summary>How many proven deliveries a second are taken for long; twice as many in a burst. Default 500.</summary>
    public int PerSecond { get; init; } = 500;

    /// <summary>How long a delivery is kept after it was taken, for replay. Default 30 days.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>How a delivery proves who sent it.</summary>
public enum WebhookProof
{
    /// <summary>Standard Webhooks 1.0: <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
    StandardWebhooks,

    /// <summary>HMAC-SHA256 of the body in a header, as GitHub does it.</summary>
    HmacSha256,

    /// <summary>A shared token: a bearer token, one in a header, or one in a field of the body.</summary>
    Token,

    /// <summary>A shared token as the last part of the address, for platforms that can send nothing else.</summary>
    Path,

    /// <summary>HTTP Basic: client id and secret.</summary>
    Basic,

    /// <summary>OAuth 2 client credentials: the sender fetches a token at the source's <c>token</c> address first.</summary>
    Oauth,

    /// <summary>None. Only for adapters that read again from the platform before they believe anything.</summary>
    None,
}
