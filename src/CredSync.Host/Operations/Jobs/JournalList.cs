using CredSync.Host.Issue;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Jobs;

/// <summary>What was minted here, as a list: for issuers that sign here and keep nothing elsewhere.</summary>
internal sealed class JournalList(IIssueJournal journal, string issuer) : ICredentialLister
{
    private const int PageSize = 500;

    public async Task<CredentialPage> ListAsync(string? after, CancellationToken ct)
    {
        IReadOnlyList<JournalEntry> entries = await journal.ListAsync(issuer, after is null ? null : Guid.Parse(after), PageSize, ct).ConfigureAwait(false);
        return new CredentialPage
        {
            Credentials = [.. entries.Select(e => new ListedCredential { CredentialId = e.CredentialId, IssuanceId = e.Issuance, IsRevoked = e.IsRevoked, PublicUrl = e.PublicUrl })],
            Next = entries.Count < PageSize ? null : entries[^1].Issuance.ToString(),
        };
    }
}
