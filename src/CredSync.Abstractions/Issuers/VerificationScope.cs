namespace CredSync.Issuers;

/// <summary>What a verifier may use beside the credential itself.</summary>
public sealed record VerificationScope
{
    /// <summary>Whether keys, status lists and receipts are fetched from the addresses that the credential names. Default false: nothing leaves this machine.</summary>
    public bool Online { get; init; }

    /// <summary>Whether plain http and addresses of private networks may be fetched. Default false, because strangers choose the addresses.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>Addresses that are fetched elsewhere than they say, as beginnings: for an issuer whose public name does not lead to it yet. Default none.</summary>
    public IReadOnlyDictionary<string, string> ConnectTo { get; init; } = new Dictionary<string, string>();

    /// <summary>Key documents that need not be fetched. Default none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> KeyDocuments { get; init; } = [];

    /// <summary>E-mail addresses of the person whom the credential must be about, any one of them; empty when anybody will do. Personal data. Default none.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>A signed head of the issuer's log that was kept from an earlier look: the log must still have everything that it had then. Null when there is none.</summary>
    public string? EarlierHead { get; init; }
}

/// <summary>What verifying a credential gave.</summary>
/// <param name="Checks">Every check with its result.</param>
/// <param name="LogHead">The signed head of the issuer's log under which the credential was found, to keep for the next look; null when there is none.</param>
public sealed record VerificationResult(IReadOnlyList<CheckResult> Checks, string? LogHead = null);
