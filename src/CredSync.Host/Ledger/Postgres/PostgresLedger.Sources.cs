using System.Globalization;
using CredSync.Completions;
using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;

namespace CredSync.Host.Ledger.Postgres;

// Leases, cursors and runs.
internal sealed partial class PostgresLedger
{
    private const string SourceColumns =
        "name, cursor, last_success AS lastSuccess, newest_completion AS newestCompletion, paused_because AS pausedBecause, failures, last_fault AS lastFault, last_fault_sentence AS lastFaultSentence, not_before AS notBefore";

    public Task<IReadOnlyList<SourceState>> EnsureSourcesAsync(IReadOnlyCollection<string> names, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<SourceState>>(
            async (connection, transaction) =>
            {
                string[] wanted = [.. names.Order(StringComparer.Ordinal)];
                List<SourceRow> rows = await FindAsync().ConfigureAwait(false);
                if (rows.Count < wanted.Length)
                {
                    await connection.ExecuteAsync(Command("INSERT INTO sources (name) SELECT unnest(@wanted) ON CONFLICT (name) DO NOTHING", new { wanted }, transaction, ct)).ConfigureAwait(false);
                    rows = await FindAsync().ConfigureAwait(false);
                }

                return [.. rows.Select(r => r.ToState())];

                async Task<List<SourceRow>> FindAsync() =>
                    [.. await connection.QueryAsync<SourceRow>(Command($"SELECT {SourceColumns} FROM sources WHERE name = ANY(@wanted) ORDER BY name COLLATE \"C\"", new { wanted }, transaction, ct)).ConfigureAwait(false)];
            },
            ct);

    public Task<RunLease?> TryBeginRunAsync(string source, LeaseOwner owner, TimeSpan lease, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) =>
            {
                LeaseRow row = await connection.QuerySingleAsync<LeaseRow>(
                    Command("SELECT cursor, lease_owner AS owner, lease_until AS until FROM sources WHERE name = @source FOR UPDATE", new { source }, transaction, ct)).ConfigureAwait(false);
                bool held = row.Owner is not null && row.Owner != owner.ToString() && Time(row.Until) > Now && !LocalProcess.IsGone(row.Owner, owner);
                if (held)
                {
                    return null;
                }

                long run = await connection.QuerySingleAsync<long>(Command(
                    """
                    WITH taken AS (UPDATE sources SET lease_owner = @owner, lease_until = @until WHERE name = @source),
                    interrupted AS (
                        UPDATE runs SET finished_at = @now, fault = 'Interrupted', fault_sentence = 'The worker ended in the middle of this run; the next run went on from the last committed page.'
                        WHERE source = @source AND finished_at IS NULL)
                    INSERT INTO runs (source, started_at) VALUES (@source, @now) RETURNING run_id
                    """,
                    new { source, owner = owner.ToString(), until = Now + lease, now = Now },
                    transaction,
                    ct)).ConfigureAwait(false);
                return new RunLease(run, source, owner.ToString(), row.Cursor is null ? null : new Cursor(row.Cursor), lease);
            },
            ct);

    public Task<bool> RenewAsync(RunLease run, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) => await connection.ExecuteAsync(Command(
                "UPDATE sources SET lease_until = @until WHERE name = @Source AND lease_owner = @Owner AND EXISTS (SELECT 1 FROM runs WHERE run_id = @Run AND finished_at IS NULL)",
                new { until = Now + run.Lease, run.Source, run.Owner, run.Run }, transaction, ct)).ConfigureAwait(false) > 0,
            ct);

    public Task EndRunAsync(RunLease run, RunEnd end, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                """
                WITH ended AS (UPDATE runs SET finished_at = @now, fault = COALESCE(@fault, CASE WHEN @cutShort THEN 'CutShort' END), fault_sentence = @sentence WHERE run_id = @Run AND finished_at IS NULL)
                UPDATE sources SET
                    lease_owner = NULL, lease_until = NULL,
                    last_success = CASE WHEN @fault::text IS NULL AND NOT @cutShort THEN @now ELSE last_success END,
                    failures = CASE WHEN @cutShort THEN failures WHEN @fault::text IS NULL THEN 0 ELSE failures + 1 END,
                    last_fault = CASE WHEN @cutShort THEN last_fault ELSE @fault END, last_fault_sentence = CASE WHEN @cutShort THEN last_fault_sentence ELSE @sentence END,
                    not_before = CASE WHEN @cutShort THEN not_before ELSE @notBefore END,
                    paused_because = COALESCE(@paused, paused_because)
                WHERE name = @Source AND lease_owner = @Owner
                """,
                new
                {
                    run.Run,
                    run.Source,
                    run.Owner,
                    now = Now,
                    fault = end.Fault?.ToString(),
                    cutShort = end.CutShort,
                    sentence = PostgresText.Safe(end.Sentence),
                    notBefore = end.NotBefore?.ToUniversalTime(),
                    paused = end.Pause ? PostgresText.Safe(end.Sentence) : null,
                },
                transaction,
                ct)),
            ct);

    public Task<IReadOnlyList<KnownCompletion>> KnownOfCourseAsync(string source, string courseKey, CancellationToken ct) =>
        KnownAsync("course_key = @courseKey", new { source, courseKey = PostgresText.Safe(courseKey) }, ct);

    public async Task<IReadOnlyList<KnownCompletion>> KnownOfKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct)
    {
        ILookup<string, string> given = AsStored(naturalKeys);
        IReadOnlyList<KnownCompletion> known = await KnownAsync("natural_key = ANY(@keys)", new { source, keys = given.Select(g => g.Key).ToArray() }, ct).ConfigureAwait(false);
        return [.. known.SelectMany(k => given[k.NaturalKey], (k, key) => k with { NaturalKey = key })];
    }

    private Task<IReadOnlyList<KnownCompletion>> KnownAsync(string which, object parameters, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<KnownCompletion>>(
            async connection =>
            {
                // The payload's own date: the column has microseconds, and an adapter compares exactly.
                IEnumerable<(string NaturalKey, string Status, string? CompletedAt)> rows = await connection.QueryAsync<(string, string, string?)>(Command(
                    $"SELECT natural_key, status, payload ->> 'completedAt' FROM completions WHERE source = @source AND {which}", parameters, null, ct)).ConfigureAwait(false);
                return [.. rows.Select(r => new KnownCompletion(r.NaturalKey, Enum.Parse<CompletionStatus>(r.Status), ExactTime(r.CompletedAt)))];
            },
            ct);

    public Task<IReadOnlyList<string>> KeysAsync(string source, string? after, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<string>>(
            async connection => [.. await connection.QueryAsync<string>(Command(
                "SELECT natural_key FROM completions WHERE source = @source AND natural_key > @after ORDER BY natural_key LIMIT @limit", new { source, after = after ?? "", limit }, null, ct)).ConfigureAwait(false)],
            ct);

    // Keys as they are stored, in their safe form, as they come from there.
    public Task<IReadOnlyList<string>> CompleteKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, DateTimeOffset seenBefore, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<string>>(
            async connection => [.. await connection.QueryAsync<string>(Command(
                "SELECT natural_key FROM completions WHERE source = @source AND natural_key = ANY(@keys) AND status = 'Completed' AND first_seen < @seenBefore ORDER BY natural_key",
                new { source, keys = naturalKeys.Select(k => PostgresText.Safe(k)).ToArray(), seenBefore = seenBefore.ToUniversalTime() }, null, ct)).ConfigureAwait(false)],
            ct);

    public Task<long> CountCompleteAsync(string source, DateTimeOffset seenBefore, CancellationToken ct) =>
        database.ReadAsync(
            connection => connection.ExecuteScalarAsync<long>(Command(
                "SELECT count(*) FROM completions WHERE source = @source AND status = 'Completed' AND first_seen < @seenBefore", new { source, seenBefore = seenBefore.ToUniversalTime() }, null, ct)),
            ct);

    public Task<bool> HasMissingAsync(string source, CancellationToken ct) =>
        database.ReadAsync(
            connection => connection.ExecuteScalarAsync<bool>(Command(
                "SELECT EXISTS (SELECT 1 FROM set_aside WHERE source = @source AND cause = @cause)", new { source, cause = SetAsideCauses.Missing }, null, ct)),
            ct);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> MissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            async connection =>
            {
                ILookup<string, string> given = AsStored(naturalKeys);
                return (await connection.QueryAsync<(string Key, DateTime Since)>(Command(
                    "SELECT reference, first_seen FROM set_aside WHERE source = @source AND reference = ANY(@keys) AND cause = @cause",
                    new { source, cause = SetAsideCauses.Missing, keys = given.Select(g => g.Key).ToArray() }, null, ct)).ConfigureAwait(false))
                    .SelectMany(r => given[r.Key], (r, key) => (Key: key, r.Since)).ToDictionary(r => r.Key, r => new DateTimeOffset(r.Since, TimeSpan.Zero), StringComparer.Ordinal);
            },
            ct);

    // A key that cannot be stored as it is stands in the table in its safe form; whoever asks knows it by its own.
    private static ILookup<string, string> AsStored(IReadOnlyCollection<string> naturalKeys) => naturalKeys.Distinct(StringComparer.Ordinal).ToLookup(k => PostgresText.Safe(k)!, StringComparer.Ordinal);

    public Task ForgetMissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "DELETE FROM set_aside WHERE source = @source AND cause = @cause AND reference = ANY(@keys)",
                new { source, cause = SetAsideCauses.Missing, keys = naturalKeys.Select(k => PostgresText.Safe(k)).ToArray() }, transaction, ct)),
            ct);

    public Task<IReadOnlyList<Completion>> StoredAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<Completion>>(
            async connection => [.. (await connection.QueryAsync<string>(Command(
                "SELECT payload::text FROM completions WHERE source = @source AND natural_key = ANY(@keys)", new { source, keys = naturalKeys.Select(k => PostgresText.Safe(k)).ToArray() }, null, ct))
                .ConfigureAwait(false)).Select(LedgerJson.ReadCompletion)],
            ct);

    public Task RewindAsync(string source, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command("UPDATE sources SET cursor = NULL, not_before = NULL WHERE name = @source", new { source }, transaction, ct)),
            ct);

    public Task SetPausedAsync(string source, string? reason, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(
                Command("UPDATE sources SET paused_because = @reason, failures = 0, not_before = NULL WHERE name = @source", new { source, reason = PostgresText.Safe(reason) }, transaction, ct)),
            ct);

    /// <summary>A time as JSON has it, to the last digit.</summary>
    internal static DateTimeOffset? ExactTime(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private sealed record LeaseRow
    {
        public string? Cursor { get; init; }

        public string? Owner { get; init; }

        public DateTime? Until { get; init; }
    }

    private sealed record SourceRow
    {
        public string Name { get; init; } = "";

        public string? Cursor { get; init; }

        public DateTime? LastSuccess { get; init; }

        public DateTime? NewestCompletion { get; init; }

        public string? PausedBecause { get; init; }

        public int Failures { get; init; }

        public string? LastFault { get; init; }

        public string? LastFaultSentence { get; init; }

        public DateTime? NotBefore { get; init; }

        public SourceState ToState() => new()
        {
            Name = Name,
            Cursor = Cursor is null ? null : new Cursor(Cursor),
            LastSuccess = Time(LastSuccess),
            NewestCompletion = Time(NewestCompletion),
            PausedBecause = PausedBecause,
            Failures = Failures,
            LastFault = Enum.TryParse(LastFault, out FaultKind kind) ? kind : null,
            LastFaultSentence = LastFaultSentence,
            NotBefore = Time(NotBefore),
        };
    }
}
