using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

// What people do by hand.
internal sealed partial class SqliteLedger
{
    private const string HeldRows =
        """
        SELECT issuance_id, definition, cause, COALESCE(sentence, '') AS sentence, planned_at AS since, 0 AS review FROM issuances WHERE state = 'Held'
        UNION ALL
        SELECT r.issuance_id, i.definition, r.cause, r.sentence, r.opened_at, 1 FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND r.due_at <= @now
        """;

    private const string HeldWanted = "(@id IS NULL OR issuance_id = @id) AND (@Cause IS NULL OR cause = @Cause) AND (@Definition IS NULL OR definition = @Definition)";

    public async Task<IHistoryReading> OpenReadingAsync(CancellationToken ct) => await SqliteHistoryReading.OpenAsync(database, ct).ConfigureAwait(false);

    public Task<IReadOnlyList<IHistoryReading>> OpenReadingsAsync(int most, CancellationToken ct) => SqliteHistoryReading.OpenAsync(database, most, ct);

    public async Task<IActTransaction> BeginActAsync(CancellationToken ct) => new SqliteActTransaction(await database.BeginWriteAsync(ct).ConfigureAwait(false), time);

    public Task<IReadOnlyList<ActLine>> ActsAsync(string? target, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ActLine>>(
            async connection => [.. (await connection.QueryAsync<(long Number, string At, string Who, string Verb, string Target, string Why, string Detail)>(Command(
                "SELECT act_id, at, who, verb, target, why, detail FROM acts WHERE @target IS NULL OR target = @target ORDER BY act_id DESC LIMIT @limit", new { target, limit }, null, ct)).ConfigureAwait(false))
                .Select(r => new ActLine(r.Number, SqliteText.Time(r.At), r.Who, r.Verb, r.Target, r.Why, r.Detail))],
            ct);

    public Task<IReadOnlyList<HeldLine>> HeldAsync(HeldFilter filter, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<HeldLine>>(
            async connection =>
            {
                (string Id, string? Cause, string Sentence, string Since, long Review)[] rows = [.. await connection.QueryAsync<(string, string?, string, string, long)>(Command(
                    $"SELECT issuance_id, cause, sentence, since, review FROM ({HeldRows}) WHERE {HeldWanted} ORDER BY since, issuance_id LIMIT @limit",
                    new { id = filter.Id is { } id ? SqliteText.Of(id) : null, filter.Cause, filter.Definition, limit, now = DueBy(filter) }, null, ct)).ConfigureAwait(false)];
                Dictionary<Guid, IssuanceLine> lines = (await connection.QueryAsync<IssuanceRecord>(Command(
                    $"SELECT {IssuanceColumns} FROM issuances WHERE issuance_id IN (SELECT value FROM json_each(@ids))", new { ids = LedgerJson.Write([.. rows.Select(r => r.Id)]) }, null, ct)).ConfigureAwait(false))
                    .Select(r => r.ToLine()).ToDictionary(l => l.Id);
                return [.. rows.Where(r => lines.ContainsKey(Id(r.Id))).Select(r => new HeldLine(lines[Id(r.Id)], r.Cause ?? "", r.Sentence, SqliteText.Time(r.Since), r.Review == 1))];
            },
            ct);

    public Task<IReadOnlyList<HeldCount>> CountHeldAsync(HeldFilter filter, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<HeldCount>>(
            async connection => [.. (await connection.QueryAsync<(string? Cause, string Definition, long Review, long Count, string Oldest)>(Command(
                $"SELECT cause, definition, review, count(*), min(since) FROM ({HeldRows}) WHERE {HeldWanted} GROUP BY cause, definition, review ORDER BY cause, definition, review",
                new { id = filter.Id is { } id ? SqliteText.Of(id) : null, filter.Cause, filter.Definition, now = DueBy(filter) }, null, ct)).ConfigureAwait(false))
                .Select(r => new HeldCount(r.Cause ?? "", r.Definition, r.Review == 1, r.Count, SqliteText.Time(r.Oldest)))],
            ct);

    public Task<IReadOnlyList<CompletionLine>> HeldCompletionsAsync(string? cause, int limit, CancellationToken ct) =>
        CompletionsAsync("hold_cause IS NOT NULL AND (@cause IS NULL OR hold_cause = @cause) ORDER BY first_seen, source, natural_key LIMIT @limit", new { cause, limit }, ct);

    public Task<IReadOnlyList<FoundPerson>> FindPeopleAsync(string identifier, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<FoundPerson>>(
            async connection => [.. (await connection.QueryAsync<(string Subject, string Kind)>(Command(
                """
                SELECT COALESCE(p.merged_into, p.subject_id), i.kind FROM person_identifiers AS i JOIN people AS p ON p.subject_id = i.subject_id WHERE i.value IN (@exact, @lower)
                UNION SELECT COALESCE(merged_into, subject_id), 'subject id' FROM people WHERE subject_id = @lower ORDER BY 1, 2
                """,
                new { exact = identifier.Trim(), lower = identifier.Trim().ToLowerInvariant() }, null, ct)).ConfigureAwait(false))
                .GroupBy(r => r.Subject, StringComparer.Ordinal).Select(g => new FoundPerson(Id(g.Key), [.. g.Select(r => r.Kind)]))],
            ct);

    public Task<IReadOnlyList<IdentifierOrigin>> IdentifiersOfAsync(Guid subject, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<IdentifierOrigin>>(
            async connection => [.. (await connection.QueryAsync<(string Kind, string Scope, string FirstSeen)>(Command(
                $"SELECT kind, scope, first_seen FROM person_identifiers WHERE {OfPerson} ORDER BY first_seen, kind, scope", new { id = SqliteText.Of(subject) }, null, ct)).ConfigureAwait(false))
                .Select(r => new IdentifierOrigin(r.Kind, r.Scope, SqliteText.Time(r.FirstSeen)))],
            ct);

    public Task UseRuleBookAsync(string revision, int credentials, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "INSERT INTO rule_books (revision, first_used, credentials) VALUES (@revision, @now, @credentials) ON CONFLICT DO NOTHING", new { revision, now = Now, credentials }, transaction, ct)),
            ct);

    public Task<IReadOnlyList<RuleBookLine>> RuleBooksAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<RuleBookLine>>(
            async connection => [.. (await connection.QueryAsync<(string Revision, string FirstUsed, long Credentials)>(Command(
                "SELECT revision, first_used, credentials FROM rule_books ORDER BY first_used DESC, revision", null, null, ct)).ConfigureAwait(false))
                .Select(r => new RuleBookLine(r.Revision, SqliteText.Time(r.FirstUsed), (int)r.Credentials))],
            ct);

    public Task<PlanProgress?> PlanProgressAsync(string plan, CancellationToken ct) => ReadAsync(connection => ProgressOfAsync(connection, null, plan, ct), ct);

    internal static async Task<PlanProgress?> ProgressOfAsync(SqliteConnection connection, SqliteTransaction? transaction, string plan, CancellationToken ct) =>
        (await connection.QueryAsync<(string Plan, string BegunAt, long Effects, long Applied, string? FinishedAt)>(Command(
            "SELECT plan_id, begun_at, effects, applied, finished_at FROM plans WHERE plan_id = @plan", new { plan }, transaction, ct)).ConfigureAwait(false))
        .Select(r => new PlanProgress(r.Plan, SqliteText.Time(r.BegunAt), r.Effects, r.Applied, SqliteText.TimeOrNull(r.FinishedAt)))
        .FirstOrDefault();

    // One that is asked for by its id is shown also while the facts may still take it back.
    private string DueBy(HeldFilter filter) => filter.Id is null ? Now : SqliteText.Of(DateTimeOffset.MaxValue);
}
