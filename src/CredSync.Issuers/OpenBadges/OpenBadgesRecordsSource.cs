using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The documents that an issuer publishes, read where they are kept instead of being fetched from itself.</summary>
/// <param name="records">What the host keeps.</param>
/// <param name="address">The public base address, without a trailing slash.</param>
internal sealed class OpenBadgesRecordsSource(IIssuerRecords records, string address) : IDocumentSource
{
    public async Task<byte[]?> FetchAsync(Uri document, CancellationToken ct)
    {
        string wanted = document.AbsoluteUri;
        if (!wanted.StartsWith(address + "/", StringComparison.Ordinal))
        {
            return null;
        }

        string path = wanted[address.Length..];
        return (await records.DocumentAsync(path == OpenBadgesPaths.WellKnownDid ? OpenBadgesPaths.Did : path, ct).ConfigureAwait(false))?.Content.ToArray();
    }
}
