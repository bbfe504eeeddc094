using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Wallets;

// Credentials that wallets handed in.
internal sealed partial class WalletLedger
{
    private const string OfPerson = "subject_id IN (SELECT subject_id FROM people WHERE subject_id = @id OR merged_into = @id)";

    /// <summary>What wallets handed in for a person, after a time when it is given, in the order in which it was stored.</summary>
    public Task<IReadOnlyList<CollectedCredential>> CollectedAsync(Guid subject, CancellationToken ct) => sql.ReadAsync(
        $"SELECT issuer_id, credential_id, media_type, content, valid_from, stored_at FROM collected_credentials WHERE {OfPerson} ORDER BY stored_at, issuer_id, credential_id",
        SqlValues.None.Add("id", subject),
        r => new CollectedCredential { IssuerId = r.Text(0), CredentialId = r.Text(1), MediaType = r.Text(2), Content = r.Text(3), ValidFrom = r.Time(4), StoredAt = r.Time(5) },
        ct);

    /// <summary>Stores a credential of a person. Of two with the same issuer and id the one that is valid later stays.</summary>
    public Task<Collecting> CollectAsync(Guid subject, CollectedCredential credential, int most, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            SqlValues key = SqlValues.None.Add("id", subject).Add("issuer", credential.IssuerId).Add("credential", credential.CredentialId);
            IReadOnlyList<(DateTimeOffset ValidFrom, string Content)> there = await transaction.ReadAsync(
                "SELECT valid_from, content FROM collected_credentials WHERE subject_id = @id AND issuer_id = @issuer AND credential_id = @credential", key, r => (r.Time(0), r.Text(1)), ct).ConfigureAwait(false);
            if (there is [var old])
            {
                if (old.Content == credential.Content)
                {
                    return Collecting.Replaced;
                }

                if (old.ValidFrom > credential.ValidFrom)
                {
                    return Collecting.Outdated;
                }
            }
            else if ((await transaction.ReadAsync($"SELECT count(*) FROM collected_credentials WHERE {OfPerson}", SqlValues.None.Add("id", subject), r => r.Number(0), ct).ConfigureAwait(false))[0] >= most)
            {
                return Collecting.Full;
            }

            await transaction.RunAsync(
                """
                INSERT INTO collected_credentials (subject_id, issuer_id, credential_id, media_type, content, valid_from, stored_at) VALUES (@id, @issuer, @credential, @type, @content, @from, @now)
                ON CONFLICT (subject_id, issuer_id, credential_id)
                DO UPDATE SET media_type = excluded.media_type, content = excluded.content, valid_from = excluded.valid_from, stored_at = excluded.stored_at
                """,
                SqlValues.None.Add("id", subject).Add("issuer", credential.IssuerId).Add("credential", credential.CredentialId).Add("type", credential.MediaType).Add("content", credential.Content)
                    .Add("from", credential.ValidFrom).Add("now", Now),
                ct).ConfigureAwait(false);
            return there.Count == 0 ? Collecting.Created : Collecting.Replaced;
        },
        ct);
}
