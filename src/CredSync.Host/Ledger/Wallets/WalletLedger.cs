using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Wallets;

/// <summary>What is known of learners' wallets, the same on both databases: who registered, what learners allowed, what was handed in.</summary>
internal sealed partial class WalletLedger(ISql sql, TimeProvider time)
{
    private const string ClientColumns = "client_id, secret_hash, name, home, redirects, scopes, registered_at";

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Registers a wallet, and forgets those that registered before a time and were never allowed anything.</summary>
    /// <returns>False when there were too many within the last hour.</returns>
    public Task<bool> RegisterAsync(WalletClient client, int mostAnHour, DateTimeOffset forgetBefore, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            long lately = (await transaction.ReadAsync(
                "SELECT count(*) FROM wallet_clients WHERE registered_at > @since", SqlValues.None.Add("since", Now.AddHours(-1)), r => r.Number(0), ct).ConfigureAwait(false))[0];
            if (lately >= mostAnHour)
            {
                return false;
            }

            await transaction.RunAsync(
                "DELETE FROM wallet_clients WHERE registered_at < @before AND NOT EXISTS (SELECT 1 FROM wallet_grants AS g WHERE g.client_id = wallet_clients.client_id)",
                SqlValues.None.Add("before", forgetBefore), ct).ConfigureAwait(false);
            await transaction.RunAsync(
                $"INSERT INTO wallet_clients ({ClientColumns}) VALUES (@id, @hash, @name, @home, @redirects, @scopes, @at)",
                SqlValues.None.Add("id", client.Id).Add("hash", client.SecretHash).Add("name", client.Name).Add("home", client.Home).Add("redirects", string.Join('\n', client.Redirects))
                    .Add("scopes", string.Join(' ', client.Scopes)).Add("at", client.RegisteredAt),
                ct).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>A wallet; null when none has registered under this id.</summary>
    public async Task<WalletClient?> ClientAsync(string id, CancellationToken ct) => (await sql.ReadAsync(
        $"SELECT {ClientColumns} FROM wallet_clients WHERE client_id = @id",
        SqlValues.None.Add("id", id),
        r => new WalletClient
        {
            Id = r.Text(0), SecretHash = r.Text(1), Name = r.Text(2), Home = r.Text(3), Redirects = r.Text(4).Split('\n'), Scopes = Words(r.Text(5)), RegisteredAt = r.Time(6),
        },
        ct).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Stores a code by which a person claims; the act says who made it.</summary>
    public Task AddClaimAsync(Guid subject, string hash, DateTimeOffset expires, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            await transaction.RunAsync(
                "INSERT INTO claim_codes (code_hash, subject_id, made_at, expires_at) VALUES (@hash, @subject, @now, @expires)",
                SqlValues.None.Add("hash", hash).Add("subject", subject).Add("now", Now).Add("expires", expires), ct).ConfigureAwait(false);
            return await RecordAsync(transaction, new Act(who, "make-claim", subject.ToString(), why, "a code by which the person lets a wallet collect") { Became = $"until {expires:yyyy-MM-dd}" }, ct).ConfigureAwait(false);
        },
        ct);

    /// <summary>Uses a claim code up and allows a wallet what was asked for, by a code of its own; all or nothing.</summary>
    /// <returns>False when the claim code is none, over, or used; nothing is allowed then.</returns>
    public Task<bool> AllowAsync(string claimHash, WalletGrant grant, WalletSecret code, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            IReadOnlyList<Guid> subjects = await transaction.ReadAsync(
                "UPDATE claim_codes SET used_at = @now WHERE code_hash = @hash AND used_at IS NULL AND ended_at IS NULL AND expires_at > @now RETURNING subject_id",
                SqlValues.None.Add("now", Now).Add("hash", claimHash), r => r.Id(0), ct).ConfigureAwait(false);
            if (subjects is not [var subject])
            {
                return false;
            }

            // Who was merged meanwhile is seen as the person they are now.
            Guid answering = (await transaction.ReadAsync("SELECT COALESCE(merged_into, subject_id) FROM people WHERE subject_id = @id", SqlValues.None.Add("id", subject), r => r.Id(0), ct).ConfigureAwait(false))[0];
            await transaction.RunAsync(
                "INSERT INTO wallet_grants (grant_id, client_id, subject_id, issuer, scopes, made_at) VALUES (@id, @client, @subject, @issuer, @scopes, @now)",
                SqlValues.None.Add("id", grant.Id).Add("client", grant.Client).Add("subject", answering).Add("issuer", grant.Issuer).Add("scopes", string.Join(' ', grant.Scopes)).Add("now", Now),
                ct).ConfigureAwait(false);
            await AddAsync(transaction, grant.Id, code, ct).ConfigureAwait(false);
            await RecordAsync(transaction, new Act("learner", "allow-wallet", answering.ToString(), "", $"wallet {grant.Client} at issuer {grant.Issuer}"), ct).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>Ends everything that wallets were allowed of a person, and codes that were not used.</summary>
    /// <returns>How many grants and codes.</returns>
    public Task<(int Grants, int Codes)> EndAsync(Guid subject, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            SqlValues Values() => SqlValues.None.Add("now", Now).Add("id", subject);
            int grants = await transaction.RunAsync($"UPDATE wallet_grants SET ended_at = @now WHERE {OfPerson} AND ended_at IS NULL", Values(), ct).ConfigureAwait(false);
            int codes = await transaction.RunAsync($"UPDATE claim_codes SET ended_at = @now WHERE {OfPerson} AND ended_at IS NULL AND used_at IS NULL", Values(), ct).ConfigureAwait(false);
            await RecordAsync(transaction, new Act(who, "end-claims", subject.ToString(), why, $"{grants} wallets and {codes} codes"), ct).ConfigureAwait(false);
            return (grants, codes);
        },
        ct);

    /// <summary>A living person's name and addresses, of all who are one with them.</summary>
    public async Task<WalletPerson> PersonAsync(Guid subject, CancellationToken ct)
    {
        IReadOnlyList<(string? Name, string? Email)> people = await sql.ReadAsync(
            "SELECT name, email FROM people WHERE subject_id = @id OR merged_into = @id ORDER BY CASE WHEN merged_into IS NULL THEN 0 ELSE 1 END, first_seen",
            SqlValues.None.Add("id", subject), r => (r.TextOrNull(0), r.TextOrNull(1)), ct).ConfigureAwait(false);
        IReadOnlyList<string> addresses = await sql.ReadAsync(
            "SELECT value FROM person_identifiers WHERE kind = 'email' AND subject_id IN (SELECT subject_id FROM people WHERE subject_id = @id OR merged_into = @id) ORDER BY value",
            SqlValues.None.Add("id", subject), r => r.Text(0), ct).ConfigureAwait(false);
        return new WalletPerson(
            people.Select(p => p.Name).FirstOrDefault(n => n is not null),
            people.Select(p => p.Email).FirstOrDefault(e => e is not null),
            [.. people.Select(p => p.Email).OfType<string>().Concat(addresses).Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Task<int> RecordAsync(ISqlTransaction transaction, Act act, CancellationToken ct) => transaction.RunAsync(
        "INSERT INTO acts (at, who, verb, target, why, detail, was, became) VALUES (@now, @who, @verb, @target, @why, @detail, @was, @became)",
        SqlValues.None.Add("now", Now).Add("who", act.Who).Add("verb", act.Verb).Add("target", act.Target).Add("why", act.Why).Add("detail", act.Detail).Add("was", act.Was).Add("became", act.Became),
        ct);
}
