using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Verification;

/// <summary>What a verifier knows and may do.</summary>
public sealed record VerifierOptions
{
    /// <summary>DID documents that need not be fetched, for example of one's own issuers.</summary>
    public IReadOnlyList<JsonObject> DidDocuments { get; init; } = [];

    /// <summary>Where other DID documents and status lists come from. Default: from nowhere, so that verification stays offline.</summary>
    public IDocumentSource Documents { get; init; } = GivenDocuments.None;

    /// <summary>
    /// Whether a key counts as the issuer's although nothing shows that the issuer published it: the credential itself carries it, or its name is the
    /// key (<c>https://issuer/…#z6Mk…</c>). 1EdTech's validator accepts such keys; anybody can write such a name, so the default is false, and the check of
    /// the key is then reported as not checked.
    /// </summary>
    public bool AcceptUnpublishedKeys { get; init; }

    /// <summary>How far the issuer's clock may be ahead. Default one minute.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>E-mail address or other identifier of the person whom the credential must be about; null when anybody will do. Personal data.</summary>
    public string? Recipient { get; init; }

    /// <summary>Further identifiers of the same person, any of which will do beside <see cref="Recipient"/>. Personal data. Default none.</summary>
    public IReadOnlyList<string> RecipientAliases { get; init; } = [];

    /// <summary>How many carried credentials are verified in all. Default 64.</summary>
    public int MaxEmbedded { get; init; } = 64;

    /// <summary>How many documents are fetched for one verification. Default 32.</summary>
    public int MaxFetches { get; init; } = 32;
}
