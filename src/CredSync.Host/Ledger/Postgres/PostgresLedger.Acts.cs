using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// What people do by hand.
internal sealed partial class PostgresLedger
{
    private const string Held =
        """
        (SELECT issuance_id, definition, cause, COALESCE(sentence, '') AS sentence, planned_at AS since, false AS review FROM issuances WHERE state = 'Held' AND cause IS NOT NULL
        UNION ALL
        SELECT r.issuance_id, i.definition, r.cause, r.sentence, r.opened_at, true FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND r.due_at <= @now) AS held
        WHERE (@id IS NULL OR issuance_id = @id) AND (@cause IS NULL OR cause = @cause) AND (@definition IS NULL OR definition = @definition)
        """;

    public async Task<IHistoryReading> OpenReadingAsync(CancellationToken ct) => await PostgresHistoryReading.OpenAsync(database, ct).ConfigureAwait(false);

    public Task<IReadOnlyList<IHistoryReading>> OpenReadingsAsync(int most, CancellationToken ct) => PostgresHistoryReading.OpenAsync(database, most, ct);

    public async Task<IActTransaction> BeginActAsync(CancellationToken ct)
    {
        NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            return new PostgresActTransaction(database, connection, await database.PartAsync(async () => await connection.BeginTransactionAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false), time);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<IReadOnlyList<ActLine>> ActsAsync(string? target, int limit, CancellationToken ct) => RowsAsync(
        $"SELECT act_id, at, who, verb, target, why, detail FROM acts {(target is null ? "" : "WHERE target = @target")} ORDER BY act_id DESC LIMIT @limit",
        c => (target is null ? c : c.Word("target", target)).Number("limit", limit),
        r => new ActLine(r.GetInt64(0), r.Time(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6)),
        ct);

    public async Task<IReadOnlyList<HeldLine>> HeldAsync(HeldFilter filter, int limit, CancellationToken ct)
    {
        IReadOnlyList<(Guid Id, string Cause, string Sentence, DateTimeOffset Since, bool Review)> rows = await RowsAsync(
            $"SELECT issuance_id, COALESCE(cause, ''), sentence, since, review FROM {Held} ORDER BY since, issuance_id LIMIT @limit",
            c => Wanted(c, filter).Number("limit", limit),
            r => (r.GetGuid(0), r.GetString(1), r.GetString(2), r.Time(3), r.GetBoolean(4)),
            ct).ConfigureAwait(false);

        // Only unmerging deletes issuances, those that a merge made and that never left.
        Dictionary<Guid, IssuanceLine> lines = (await IssuancesAsync("i.issuance_id = ANY(@ids)", new { ids = rows.Select(r => r.Id).ToArray() }, ct).ConfigureAwait(false)).ToDictionary(l => l.Id);
        return [.. rows.Where(r => lines.ContainsKey(r.Id)).Select(r => new HeldLine(lines[r.Id], r.Cause, r.Sentence, r.Since, r.Review))];
    }

    public Task<IReadOnlyList<HeldCount>> CountHeldAsync(HeldFilter filter, CancellationToken ct) => RowsAsync(
        $"SELECT COALESCE(cause, ''), definition, review, count(*), min(since) FROM {Held} GROUP BY COALESCE(cause, ''), definition, review ORDER BY COALESCE(cause, '') COLLATE \"C\", definition COLLATE \"C\", review",
        c => Wanted(c, filter),
        r => new HeldCount(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetInt64(3), r.Time(4)),
        ct);

    public Task<IReadOnlyList<CompletionLine>> HeldCompletionsAsync(string? cause, int limit, CancellationToken ct) => CompletionsAsync(
        $"hold_cause IS NOT NULL {(cause is null ? "" : "AND hold_cause = @cause")} ORDER BY first_seen, source COLLATE \"C\", natural_key COLLATE \"C\" LIMIT @limit",
        new { cause = PostgresText.Safe(cause), limit },
        ct);

    public async Task<IReadOnlyList<FoundPerson>> FindPeopleAsync(string identifier, CancellationToken ct)
    {
        string exact = identifier.Trim();
        IReadOnlyList<(Guid Subject, string Kind)> rows = await RowsAsync(
            """
            SELECT subject_id, kind FROM (
                SELECT COALESCE(p.merged_into, p.subject_id) AS subject_id, i.kind FROM person_identifiers AS i JOIN people AS p ON p.subject_id = i.subject_id WHERE i.value = ANY(@values)
                UNION SELECT COALESCE(merged_into, subject_id), 'subject id' FROM people WHERE subject_id = @id) AS found
            ORDER BY subject_id, kind COLLATE "C"
            """,
            c => c.Text("values", [exact, exact.ToLowerInvariant()]).Id("id", Guid.TryParse(exact, out Guid id) ? id : null),
            r => (r.GetGuid(0), r.GetString(1)),
            ct).ConfigureAwait(false);
        return [.. rows.GroupBy(r => r.Subject).Select(g => new FoundPerson(g.Key, [.. g.Select(r => r.Kind)]))];
    }

    public Task<IReadOnlyList<IdentifierOrigin>> IdentifiersOfAsync(Guid subject, CancellationToken ct) => RowsAsync(
        "SELECT kind, scope, first_seen FROM person_identifiers WHERE subject_id IN (SELECT subject_id FROM people WHERE subject_id = @id OR merged_into = @id) ORDER BY first_seen, kind COLLATE \"C\", scope COLLATE \"C\"",
        c => c.Id("id", subject),
        r => new IdentifierOrigin(r.GetString(0), r.GetString(1), r.Time(2)),
        ct);

    public Task UseRuleBookAsync(string revision, int credentials, CancellationToken ct) => WriteAsync(
        "INSERT INTO rule_books (revision, first_used, credentials) VALUES (@revision, @now, @credentials) ON CONFLICT DO NOTHING",
        command => command.Word("revision", revision).Time("now", Now).Number("credentials", credentials),
        ct);

    public Task<IReadOnlyList<RuleBookLine>> RuleBooksAsync(CancellationToken ct) => RowsAsync(
        "SELECT revision, first_used, credentials FROM rule_books ORDER BY first_used DESC, revision COLLATE \"C\"",
        c => c,
        r => new RuleBookLine(r.GetString(0), r.Time(1), r.GetInt32(2)),
        ct);

    public Task<PlanProgress?> PlanProgressAsync(string plan, CancellationToken ct) => database.ReadAsync(connection => ProgressOfAsync(connection, null, plan, ct), ct);

    internal static async Task<PlanProgress?> ProgressOfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string plan, CancellationToken ct) =>
        (await new BulkCommand(connection, transaction, "SELECT plan_id, begun_at, effects, applied, finished_at FROM plans WHERE plan_id = @plan")
            .Word("plan", plan)
            .ReadAsync(r => new PlanProgress(r.GetString(0), r.Time(1), r.GetInt64(2), r.GetInt64(3), r.TimeOrNull(4)), ct).ConfigureAwait(false))
        .FirstOrDefault();

    // One that is asked for by its id is shown also while the facts may still take it back.
    private BulkCommand Wanted(BulkCommand command, HeldFilter filter) => command.Time("now", filter.Id is null ? Now : DateTimeOffset.MaxValue).Id("id", filter.Id).Word("cause", filter.Cause).Word("definition", filter.Definition);

    private Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<BulkCommand, BulkCommand> parameters, Func<NpgsqlDataReader, T> row, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<T>>(async connection => await parameters(new BulkCommand(connection, null, sql)).ReadAsync(row, ct).ConfigureAwait(false), ct);
}
