using CredSync.Completions;
using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

// Leases, cursors and runs.
internal sealed partial class SqliteLedger
{
    private const string SourceColumns =
        "name, cursor, last_success AS lastSuccess, newest_completion AS newestCompletion, paused_because AS pausedBecause, failures, last_fault AS lastFault, last_fault_sentence AS lastFaultSentence, not_before AS notBefore";

    public Task<IReadOnlyList<SourceState>> EnsureSourcesAsync(IReadOnlyCollection<string> names, CancellationToken ct) =>
        WriteAsync<IReadOnlyList<SourceState>>(
            async (connection, transaction) =>
            {
                string json = LedgerJson.Write([.. names]);
                await connection.ExecuteAsync(Command("INSERT INTO sources (name) SELECT value FROM json_each(@json) WHERE true ON CONFLICT (name) DO NOTHING", new { json }, transaction, ct)).ConfigureAwait(false);
                IEnumerable<SourceRow> rows = await connection.QueryAsync<SourceRow>(
                    Command($"SELECT {SourceColumns} FROM sources WHERE name IN (SELECT value FROM json_each(@json)) ORDER BY name", new { json }, transaction, ct)).ConfigureAwait(false);
                return [.. rows.Select(r => r.ToState())];
            },
            ct);

    public Task<RunLease?> TryBeginRunAsync(string source, LeaseOwner owner, TimeSpan lease, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                LeaseRow row = await connection.QuerySingleAsync<LeaseRow>(
                    Command("SELECT cursor, lease_owner AS owner, lease_until AS until FROM sources WHERE name = @source", new { source }, transaction, ct)).ConfigureAwait(false);
                bool held = row.Owner is not null && row.Owner != owner.ToString() && string.CompareOrdinal(row.Until, Now) > 0 && !LocalProcess.IsGone(row.Owner, owner);
                if (held)
                {
                    return null;
                }

                await connection.ExecuteAsync(
                    Command("UPDATE sources SET lease_owner = @owner, lease_until = @until WHERE name = @source", new { source, owner = owner.ToString(), until = SqliteText.Of(time.GetUtcNow() + lease) }, transaction, ct)).ConfigureAwait(false);
                await connection.ExecuteAsync(
                    Command("UPDATE runs SET finished_at = @now, fault = 'Interrupted', fault_sentence = 'The worker ended in the middle of this run; the next run went on from the last committed page.' WHERE source = @source AND finished_at IS NULL", new { source, now = Now }, transaction, ct)).ConfigureAwait(false);
                long run = await connection.QuerySingleAsync<long>(
                    Command("INSERT INTO runs (source, started_at) VALUES (@source, @now) RETURNING run_id", new { source, now = Now }, transaction, ct)).ConfigureAwait(false);
                return new RunLease(run, source, owner.ToString(), row.Cursor is null ? null : new Cursor(row.Cursor), lease);
            },
            ct);

    public Task<bool> RenewAsync(RunLease run, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) => await connection.ExecuteAsync(Command(
                "UPDATE sources SET lease_until = @until WHERE name = @Source AND lease_owner = @Owner AND EXISTS (SELECT 1 FROM runs WHERE run_id = @Run AND finished_at IS NULL)",
                new { until = SqliteText.Of(time.GetUtcNow() + run.Lease), run.Source, run.Owner, run.Run }, transaction, ct)).ConfigureAwait(false) > 0,
            ct);

    public Task EndRunAsync(RunLease run, RunEnd end, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                var parameters = new
                {
                    run.Run,
                    run.Source,
                    run.Owner,
                    now = Now,
                    fault = end.Fault?.ToString(),
                    cutShort = end.CutShort,
                    sentence = end.Sentence,
                    notBefore = SqliteText.Of(end.NotBefore),
                    paused = end.Pause ? end.Sentence : null,
                };
                await connection.ExecuteAsync(Command("UPDATE runs SET finished_at = @now, fault = COALESCE(@fault, CASE WHEN @cutShort THEN 'CutShort' END), fault_sentence = @sentence WHERE run_id = @Run", parameters, transaction, ct)).ConfigureAwait(false);
                return await connection.ExecuteAsync(
                    Command(
                        """
                        UPDATE sources SET
                            lease_owner = NULL, lease_until = NULL,
                            last_success = CASE WHEN @fault IS NULL AND NOT @cutShort THEN @now ELSE last_success END,
                            failures = CASE WHEN @cutShort THEN failures WHEN @fault IS NULL THEN 0 ELSE failures + 1 END,
                            last_fault = CASE WHEN @cutShort THEN last_fault ELSE @fault END, last_fault_sentence = CASE WHEN @cutShort THEN last_fault_sentence ELSE @sentence END,
                            not_before = CASE WHEN @cutShort THEN not_before ELSE @notBefore END,
                            paused_because = COALESCE(@paused, paused_because)
                        WHERE name = @Source AND lease_owner = @Owner
                        """,
                        parameters,
                        transaction,
                        ct)).ConfigureAwait(false);
            },
            ct);

    public Task<IReadOnlyList<KnownCompletion>> KnownOfCourseAsync(string source, string courseKey, CancellationToken ct) =>
        KnownAsync("course_key = @courseKey", new { source, courseKey }, ct);

    public Task<IReadOnlyList<KnownCompletion>> KnownOfKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        KnownAsync("natural_key IN (SELECT value FROM json_each(@keys))", new { source, keys = LedgerJson.Write([.. naturalKeys]) }, ct);

    private Task<IReadOnlyList<KnownCompletion>> KnownAsync(string which, object parameters, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<KnownCompletion>>(
            async connection =>
            {
                IEnumerable<(string NaturalKey, string Status, string? CompletedAt)> rows = await connection.QueryAsync<(string, string, string?)>(
                    Command($"SELECT natural_key, status, completed_at FROM completions WHERE source = @source AND {which}", parameters, null, ct)).ConfigureAwait(false);
                return [.. rows.Select(r => new KnownCompletion(r.NaturalKey, Enum.Parse<CompletionStatus>(r.Status), SqliteText.TimeOrNull(r.CompletedAt)))];
            },
            ct);

    public Task<IReadOnlyList<string>> KeysAsync(string source, string? after, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(
            async connection =>
            {
                // Read by hand: a reading of everything passes all that are known.
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT natural_key FROM completions WHERE source = @source AND natural_key > @after ORDER BY natural_key LIMIT @limit";
                command.Parameters.AddWithValue("@source", source);
                command.Parameters.AddWithValue("@after", after ?? "");
                command.Parameters.AddWithValue("@limit", limit);
                using SqliteDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
                var keys = new List<string>(limit);
                while (reader.Read())
                {
                    keys.Add(reader.GetString(0));
                }

                return keys;
            },
            ct);

    public Task<IReadOnlyList<string>> CompleteKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, DateTimeOffset seenBefore, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(
            async connection => [.. await connection.QueryAsync<string>(Command(
                """
                SELECT natural_key FROM completions
                WHERE source = @source AND natural_key IN (SELECT value FROM json_each(@keys)) AND status = 'Completed' AND first_seen < @seenBefore ORDER BY natural_key
                """,
                new { source, keys = LedgerJson.Write([.. naturalKeys]), seenBefore = SqliteText.Of(seenBefore) }, null, ct)).ConfigureAwait(false)],
            ct);

    public Task<long> CountCompleteAsync(string source, DateTimeOffset seenBefore, CancellationToken ct) =>
        ReadAsync(
            connection => connection.ExecuteScalarAsync<long>(Command(
                "SELECT count(*) FROM completions WHERE source = @source AND status = 'Completed' AND first_seen < @seenBefore", new { source, seenBefore = SqliteText.Of(seenBefore) }, null, ct)),
            ct);

    public Task<bool> HasMissingAsync(string source, CancellationToken ct) =>
        ReadAsync(
            async connection => await connection.ExecuteScalarAsync<long>(Command(
                "SELECT EXISTS (SELECT 1 FROM set_aside WHERE source = @source AND cause = @cause)", new { source, cause = SetAsideCauses.Missing }, null, ct)).ConfigureAwait(false) == 1,
            ct);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> MissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            async connection => (await connection.QueryAsync<(string Key, string Since)>(Command(
                "SELECT reference, first_seen FROM set_aside WHERE source = @source AND reference IN (SELECT value FROM json_each(@keys)) AND cause = @cause",
                new { source, cause = SetAsideCauses.Missing, keys = LedgerJson.Write([.. naturalKeys]) }, null, ct)).ConfigureAwait(false))
                .ToDictionary(r => r.Key, r => SqliteText.TimeOrNull(r.Since)!.Value, StringComparer.Ordinal),
            ct);

    public Task ForgetMissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "DELETE FROM set_aside WHERE source = @source AND cause = @cause AND reference IN (SELECT value FROM json_each(@keys))",
                new { source, cause = SetAsideCauses.Missing, keys = LedgerJson.Write([.. naturalKeys]) }, transaction, ct)),
            ct);

    public Task<IReadOnlyList<Completion>> StoredAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<Completion>>(
            async connection => [.. (await connection.QueryAsync<string>(Command(
                "SELECT payload FROM completions WHERE source = @source AND natural_key IN (SELECT value FROM json_each(@keys))", new { source, keys = LedgerJson.Write([.. naturalKeys]) }, null, ct))
                .ConfigureAwait(false)).Select(LedgerJson.ReadCompletion)],
            ct);

    public Task RewindAsync(string source, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command("UPDATE sources SET cursor = NULL, not_before = NULL WHERE name = @source", new { source }, transaction, ct)),
            ct);

    public Task SetPausedAsync(string source, string? reason, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(
                Command("UPDATE sources SET paused_because = @reason, failures = 0, not_before = NULL WHERE name = @source", new { source, reason }, transaction, ct)),
            ct);

    private sealed record LeaseRow
    {
        public string? Cursor { get; init; }

        public string? Owner { get; init; }

        public string? Until { get; init; }
    }

    private sealed record SourceRow
    {
        public string Name { get; init; } = "";

        public string? Cursor { get; init; }

        public string? LastSuccess { get; init; }

        public string? NewestCompletion { get; init; }

        public string? PausedBecause { get; init; }

        public long Failures { get; init; }

        public string? LastFault { get; init; }

        public string? LastFaultSentence { get; init; }

        public string? NotBefore { get; init; }

        public SourceState ToState() => new()
        {
            Name = Name,
            Cursor = Cursor is null ? null : new Cursor(Cursor),
            LastSuccess = SqliteText.TimeOrNull(LastSuccess),
            NewestCompletion = SqliteText.TimeOrNull(NewestCompletion),
            PausedBecause = PausedBecause,
            Failures = (int)Failures,
            LastFault = Enum.TryParse(LastFault, out FaultKind kind) ? kind : null,
            LastFaultSentence = LastFaultSentence,
            NotBefore = SqliteText.TimeOrNull(NotBefore),
        };
    }
}
