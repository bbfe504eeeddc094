using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Wallets;

// Codes and tokens.
internal sealed partial class WalletLedger
{
    /// <summary>A secret that has not run out, with its grant, when neither is ended; null otherwise.</summary>
    public async Task<HeldSecret?> SecretAsync(string hash, string kind, CancellationToken ct) => (await sql.ReadAsync(
        """
        SELECT s.secret_hash, s.kind, s.scopes, s.expires_at, s.redirect, s.challenge, s.used_at, g.grant_id, g.client_id, COALESCE(p.merged_into, g.subject_id), g.issuer, g.scopes
        FROM wallet_secrets AS s JOIN wallet_grants AS g ON g.grant_id = s.grant_id JOIN people AS p ON p.subject_id = g.subject_id
        WHERE s.secret_hash = @hash AND s.kind = @kind AND s.expires_at > @now AND s.ended_at IS NULL AND g.ended_at IS NULL
        """,
        SqlValues.None.Add("hash", hash).Add("kind", kind).Add("now", Now),
        r => new HeldSecret(
            new WalletSecret { Hash = r.Text(0), Kind = r.Text(1), Scopes = Words(r.Text(2)), ExpiresAt = r.Time(3), Redirect = r.TextOrNull(4), Challenge = r.TextOrNull(5), UsedAt = r.TimeOrNull(6) },
            new WalletGrant { Id = r.Id(7), Client = r.Text(8), Subject = r.Id(9), Issuer = r.Text(10), Scopes = Words(r.Text(11)) }),
        ct).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Redeems a code for tokens. A code that was redeemed before ends its grant: somebody else has it too (RFC 6749 section 4.1.2).</summary>
    /// <returns>False when it was redeemed before.</returns>
    public Task<bool> RedeemAsync(HeldSecret code, IReadOnlyList<WalletSecret> tokens, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            int used = await transaction.RunAsync(
                "UPDATE wallet_secrets SET used_at = @now WHERE secret_hash = @hash AND used_at IS NULL", SqlValues.None.Add("now", Now).Add("hash", code.Secret.Hash), ct).ConfigureAwait(false);
            if (used == 0)
            {
                await transaction.RunAsync("UPDATE wallet_grants SET ended_at = @now WHERE grant_id = @grant AND ended_at IS NULL", SqlValues.None.Add("now", Now).Add("grant", code.Grant.Id), ct).ConfigureAwait(false);
                return false;
            }

            foreach (WalletSecret token in tokens)
            {
                await AddAsync(transaction, code.Grant.Id, token, ct).ConfigureAwait(false);
            }

            return true;
        },
        ct);

    /// <summary>Adds a token to a grant, and forgets those that ran out long ago.</summary>
    public Task AddAsync(Guid grant, WalletSecret token, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            await transaction.RunAsync("DELETE FROM wallet_secrets WHERE expires_at < @before", SqlValues.None.Add("before", Now.AddDays(-1)), ct).ConfigureAwait(false);
            await AddAsync(transaction, grant, token, ct).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>Ends a token; with a refresh token, all that it could bring.</summary>
    public Task EndAsync(HeldSecret token, CancellationToken ct) => sql.WriteAsync(
        transaction => token.Secret.Kind == "refresh"
            ? transaction.RunAsync("UPDATE wallet_grants SET ended_at = @now WHERE grant_id = @grant AND ended_at IS NULL", SqlValues.None.Add("now", Now).Add("grant", token.Grant.Id), ct)
            : transaction.RunAsync("UPDATE wallet_secrets SET ended_at = @now WHERE secret_hash = @hash", SqlValues.None.Add("now", Now).Add("hash", token.Secret.Hash), ct),
        ct);

    private static Task<int> AddAsync(ISqlTransaction transaction, Guid grant, WalletSecret secret, CancellationToken ct) => transaction.RunAsync(
        "INSERT INTO wallet_secrets (secret_hash, grant_id, kind, scopes, expires_at, redirect, challenge) VALUES (@hash, @grant, @kind, @scopes, @expires, @redirect, @challenge)",
        SqlValues.None.Add("hash", secret.Hash).Add("grant", grant).Add("kind", secret.Kind).Add("scopes", string.Join(' ', secret.Scopes)).Add("expires", secret.ExpiresAt)
            .Add("redirect", secret.Redirect).Add("challenge", secret.Challenge),
        ct);
}
