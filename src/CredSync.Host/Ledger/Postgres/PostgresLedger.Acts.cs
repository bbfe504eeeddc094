using CredSync.Host.Storage;
using Dapper;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// What people do by hand.
internal sealed partial class PostgresLedger
{
    private const string HeldRows =
        """
        SELECT issuance_id, definition, cause, COALESCE(sentence, '') AS sentence, planned_at AS since, false AS review FROM issuances WHERE state = 'Held'
        UNION ALL
        SELECT r.issuance_id, i.definition, r.cause, r.sentence, r.opened_at, true FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL
        """;

    private const string HeldWanted = "(@id::uuid IS NULL OR issuance_id = @id) AND (@Cause::text IS NULL OR cause = @Cause) AND (@Definition::text IS NULL OR definition = @Definition)";

    public async Task<IHistoryReading> OpenReadingAsync(CancellationToken ct) => await PostgresHistoryReading.OpenAsync(database, ct).ConfigureAwait(false);

    public async Task<IActTransaction> BeginActAsync(CancellationToken ct)
    {
        (NpgsqlConnection connection, NpgsqlTransaction transaction) = await BeginAsync(ct).ConfigureAwait(false);
        return new PostgresActTransaction(database, connection, transaction, time);
    }

    public Task<IReadOnlyList<ActLine>> ActsAsync(string? target, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<ActLine>>(
            async connection => [.. (await connection.QueryAsync<(long Number, DateTime At, string Who, string Verb, string Target, string Why, string Detail)>(Command(
                $"SELECT act_id, at, who, verb, target, why, detail FROM acts {(target is null ? "" : "WHERE target = @target")} ORDER BY act_id DESC LIMIT @limit", new { target = PostgresText.Safe(target), limit }, null, ct)).ConfigureAwait(false))
                .Select(r => new ActLine(r.Number, new DateTimeOffset(r.At), r.Who, r.Verb, r.Target, r.Why, r.Detail))],
            ct);

    public Task<IReadOnlyList<HeldLine>> HeldAsync(HeldFilter filter, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<HeldLine>>(
            async connection =>
            {
                (Guid Id, string? Cause, string Sentence, DateTime Since, bool Review)[] rows = [.. await connection.QueryAsync<(Guid, string?, string, DateTime, bool)>(Command(
                    $"SELECT issuance_id, cause, sentence, since, review FROM ({HeldRows}) AS held WHERE {HeldWanted} ORDER BY since, issuance_id LIMIT @limit",
                    new { id = filter.Id, filter.Cause, filter.Definition, limit }, null, ct)).ConfigureAwait(false)];
                Dictionary<Guid, IssuanceLine> lines = (await connection.QueryAsync<IssuanceRecord>(Command(
                    $"{IssuanceLines} WHERE i.issuance_id = ANY(@ids)", new { ids = rows.Select(r => r.Id).Distinct().ToArray() }, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine()).ToDictionary(l => l.Id);
                return [.. rows.Select(r => new HeldLine(lines[r.Id], r.Cause ?? "", r.Sentence, new DateTimeOffset(r.Since), r.Review))];
            },
            ct);

    public Task<IReadOnlyList<HeldCount>> CountHeldAsync(HeldFilter filter, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<HeldCount>>(
            async connection => [.. (await connection.QueryAsync<(string? Cause, string Definition, bool Review, long Count, DateTime Oldest)>(Command(
                $"SELECT cause, definition, review, count(*), min(since) FROM ({HeldRows}) AS held WHERE {HeldWanted} GROUP BY cause, definition, review ORDER BY cause COLLATE \"C\", definition COLLATE \"C\", review",
                new { id = filter.Id, filter.Cause, filter.Definition }, null, ct)).ConfigureAwait(false))
                .Select(r => new HeldCount(r.Cause ?? "", r.Definition, r.Review, r.Count, new DateTimeOffset(r.Oldest)))],
            ct);

    public Task<IReadOnlyList<CompletionLine>> HeldCompletionsAsync(string? cause, int limit, CancellationToken ct) =>
        CompletionsAsync("hold_cause IS NOT NULL AND (@cause::text IS NULL OR hold_cause = @cause) ORDER BY first_seen, source COLLATE \"C\", natural_key COLLATE \"C\" LIMIT @limit", new { cause, limit }, ct);

    public Task<IReadOnlyList<FoundPerson>> FindPeopleAsync(string identifier, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<FoundPerson>>(
            async connection =>
            {
                string exact = PostgresText.Safe(identifier.Trim())!;
                return [.. (await connection.QueryAsync<(Guid Subject, string Kind)>(Command(
                    "SELECT subject_id, kind FROM person_identifiers WHERE value = ANY(@values) UNION SELECT subject_id, 'subject id' FROM people WHERE subject_id = @id ORDER BY 1, 2",
                    new { values = new[] { exact, exact.ToLowerInvariant() }, id = Guid.TryParse(exact, out Guid id) ? id : (Guid?)null }, null, ct)).ConfigureAwait(false))
                    .GroupBy(r => r.Subject).Select(g => new FoundPerson(g.Key, [.. g.Select(r => r.Kind)]))];
            },
            ct);

    public Task<IReadOnlyList<IdentifierOrigin>> IdentifiersOfAsync(Guid subject, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<IdentifierOrigin>>(
            async connection => [.. (await connection.QueryAsync<(string Kind, string Scope, DateTime FirstSeen)>(Command(
                "SELECT kind, scope, first_seen FROM person_identifiers WHERE subject_id = @subject ORDER BY first_seen, kind COLLATE \"C\", scope COLLATE \"C\"", new { subject }, null, ct)).ConfigureAwait(false))
                .Select(r => new IdentifierOrigin(r.Kind, r.Scope, new DateTimeOffset(r.FirstSeen)))],
            ct);

    public Task UseRuleBookAsync(string revision, int credentials, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "INSERT INTO rule_books (revision, first_used, credentials) VALUES (@revision, @now, @credentials) ON CONFLICT DO NOTHING", new { revision, now = Now, credentials }, transaction, ct)),
            ct);

    public Task<IReadOnlyList<RuleBookLine>> RuleBooksAsync(CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<RuleBookLine>>(
            async connection => [.. (await connection.QueryAsync<(string Revision, DateTime FirstUsed, int Credentials)>(Command(
                "SELECT revision, first_used, credentials FROM rule_books ORDER BY first_used DESC, revision", null, null, ct)).ConfigureAwait(false))
                .Select(r => new RuleBookLine(r.Revision, new DateTimeOffset(r.FirstUsed), r.Credentials))],
            ct);

    public Task<PlanProgress?> PlanProgressAsync(string plan, CancellationToken ct) => database.ReadAsync(connection => ProgressOfAsync(connection, null, plan, ct), ct);

    internal static async Task<PlanProgress?> ProgressOfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string plan, CancellationToken ct) =>
        (await connection.QueryAsync<(string Plan, DateTime BegunAt, long Effects, long Applied, DateTime? FinishedAt)>(Command(
            "SELECT plan_id, begun_at, effects, applied, finished_at FROM plans WHERE plan_id = @plan", new { plan }, transaction, ct)).ConfigureAwait(false))
        .Select(r => new PlanProgress(r.Plan, new DateTimeOffset(r.BegunAt), r.Effects, r.Applied, Time(r.FinishedAt)))
        .FirstOrDefault();
}
