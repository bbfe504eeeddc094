using CredSync.Issuers;

namespace CredSync.Conformance.Issuers;

/// <summary>What the kit needs to know of an issuer adapter.</summary>
public sealed record IssuerUnderTest
{
    /// <summary>
    /// Makes a new instance whose requests go to the given handler. Called several times in a case: what one instance minted, another one must find.
    /// An issuer that does not speak HTTP ignores the handler and sets <see cref="SpeaksHttp"/> to false. Let retries wait milliseconds here.
    /// </summary>
    public required Func<HttpMessageHandler, ICredentialIssuer> Create { get; init; }

    /// <summary>Makes a remote issuer that has minted nothing yet.</summary>
    public required Func<IssuerPlatform> Platform { get; init; }

    /// <summary>A complete request: with name, e-mail address, template, score and expiry, so that all that may leak is there.</summary>
    public required IssuanceRequest Request { get; init; }

    /// <summary>The adapter's options class.</summary>
    public required Type OptionsType { get; init; }

    /// <summary>How exactly the issuer keeps the earned date. Default to the second; a day for one that keeps dates only.</summary>
    public TimeSpan EarnedPrecision { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The values of the secrets that <see cref="Create"/> configures.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Whether the issuer speaks HTTP; false leaves the cases about HTTP out. Default true.</summary>
    public bool SpeaksHttp { get; init; } = true;

    /// <summary>How long a cancelled call may take to end. Default 10 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for <see cref="Patience"/>. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A remote issuer as the kit sees it, usually a play issuer in the same process.</summary>
public sealed record IssuerPlatform
{
    /// <summary>Answers the adapter's requests.</summary>
    public required HttpMessageHandler Handler { get; init; }

    /// <summary>How many different credentials it holds, revoked ones included.</summary>
    public required Func<int> Minted { get; init; }

    /// <summary>Whether the credential of this id is no longer valid there.</summary>
    public required Func<string, bool> IsRevoked { get; init; }

    /// <summary>Reads the earned date off a credential that was minted here: from what the issuer keeps, or from the documents.</summary>
    public required Func<IssuedCredential, DateTimeOffset?> EarnedAt { get; init; }
}
