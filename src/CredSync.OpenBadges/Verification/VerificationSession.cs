using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Verification;

/// <summary>What one verification shares with those of the credentials that it leads to: documents that were fetched, and what may still be spent.</summary>
internal sealed class VerificationSession(VerifierOptions options, TimeProvider clock)
{
    private readonly Dictionary<string, (byte[]? Document, string? Failure)> fetched = new(StringComparer.Ordinal);
    private int embedded;

    public VerifierOptions Options => options;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>Counts one carried credential; false when enough were verified.</summary>
    public bool TakeEmbedded() => ++embedded <= options.MaxEmbedded;

    /// <summary>Fetches each address once.</summary>
    /// <returns>The document, or why there is none: the end of a sentence, with its full stop.</returns>
    public async Task<(byte[]? Document, string? Failure)> FetchAsync(string address, CancellationToken ct)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            return (null, "its address is not a URL.");
        }

        if (fetched.TryGetValue(uri.AbsoluteUri, out (byte[]?, string?) known))
        {
            return known;
        }

        if (fetched.Count >= options.MaxFetches)
        {
            return (null, "too many documents would have to be fetched.");
        }

        return fetched[uri.AbsoluteUri] = await TryAsync(uri, ct).ConfigureAwait(false);
    }

    /// <summary>Fetches a JSON object.</summary>
    public async Task<(JsonObject? Document, string? Failure)> FetchJsonAsync(string address, CancellationToken ct)
    {
        (byte[]? document, string? failure) = await FetchAsync(address, ct).ConfigureAwait(false);
        if (document is not { } bytes)
        {
            return (null, failure);
        }

        try
        {
            return (CredentialJson.Parse(bytes), null);
        }
        catch (ProofException fault)
        {
            return (null, fault.Message);
        }
    }

    private async Task<(byte[]?, string?)> TryAsync(Uri address, CancellationToken ct)
    {
        try
        {
            return await options.Documents.FetchAsync(address, ct).ConfigureAwait(false) is { } document ? (document, null) : (null, "it is not available here.");
        }
        catch (DocumentException fault)
        {
            return (null, fault.Message);
        }
    }
}
