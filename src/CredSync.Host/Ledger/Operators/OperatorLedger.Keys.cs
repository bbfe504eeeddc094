using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Keys of programs.
internal sealed partial class OperatorLedger
{
    private const string KeyColumns = "key_id, name, hash, role, scopes, made_by, made_at, expires_at, ended_at, last_used";

    /// <summary>Stores a key; the act says who made it.</summary>
    public Task AddKeyAsync(KeyLine key, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            await transaction.RunAsync(
                "INSERT INTO api_keys (key_id, name, hash, role, scopes, made_by, made_at, expires_at) VALUES (@id, @name, @hash, @role, @scopes, @who, @at, @expires)",
                SqlValues.None.Add("id", key.Id).Add("name", key.Name).Add("hash", key.Hash).Add("role", key.Role).Add("scopes", string.Join(' ', key.Scopes)).Add("who", key.MadeBy)
                    .Add("at", key.MadeAt).Add("expires", key.ExpiresAt),
                ct).ConfigureAwait(false);
            string may = key.Scopes.Count == 0 ? "" : $" for {string.Join(", ", key.Scopes)}";
            return await RecordAsync(transaction, new Act(key.MadeBy, "make-key", $"key {key.Id}", why, $"'{key.Name}' as {key.Role}{may}") { Became = $"expires {key.ExpiresAt:yyyy-MM-dd}" }, ct).ConfigureAwait(false);
        },
        ct);

    /// <summary>All keys, newest first.</summary>
    public Task<IReadOnlyList<KeyLine>> KeysAsync(CancellationToken ct) => sql.ReadAsync($"SELECT {KeyColumns} FROM api_keys ORDER BY made_at DESC, key_id", SqlValues.None, Key, ct);

    /// <summary>One key; null when there is none.</summary>
    public async Task<KeyLine?> KeyAsync(string id, CancellationToken ct) =>
        (await sql.ReadAsync($"SELECT {KeyColumns} FROM api_keys WHERE key_id = @id", SqlValues.None.Add("id", id), Key, ct).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Ends a key at a time; null: now.</summary>
    /// <returns>False when it had ended already, or there is none.</returns>
    public Task<bool> EndKeyAsync(string id, DateTimeOffset? at, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            int ended = await transaction.RunAsync(
                "UPDATE api_keys SET ended_at = @at WHERE key_id = @id AND (ended_at IS NULL OR ended_at > @now) AND expires_at > @now", SqlValues.None.Add("id", id).Add("at", at ?? Now).Add("now", Now), ct).ConfigureAwait(false);
            if (ended == 1)
            {
                await RecordAsync(transaction, new Act(who, "end-key", $"key {id}", why, at is { } later ? $"ends at {later:u}" : "ended") { Was = "valid", Became = "ended" }, ct).ConfigureAwait(false);
            }

            return ended == 1;
        },
        ct);

    /// <summary>Notes that a key was used.</summary>
    public Task TouchKeyAsync(string id, CancellationToken ct) =>
        sql.WriteAsync(t => t.RunAsync("UPDATE api_keys SET last_used = @now WHERE key_id = @id", SqlValues.None.Add("now", Now).Add("id", id), ct), ct);

    private static KeyLine Key(SqlRow r) => new()
    {
        Id = r.Text(0), Name = r.Text(1), Hash = r.Text(2), Role = r.Text(3), Scopes = r.Text(4).Split(' ', StringSplitOptions.RemoveEmptyEntries), MadeBy = r.Text(5), MadeAt = r.Time(6),
        ExpiresAt = r.Time(7), EndedAt = r.TimeOrNull(8), LastUsed = r.TimeOrNull(9),
    };
}
