using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Acts in one PostgreSQL transaction. People are locked before they are read, in the order of their ids, as pages lock them.</summary>
internal sealed class PostgresActTransaction(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction, TimeProvider time) : IActTransaction
{
    private readonly DateTimeOffset now = time.GetUtcNow();
    private bool planned;

    public Task<IReadOnlyList<PlanPerson>> PeopleAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.PartAsync(
        async () =>
        {
            await Bulk("SELECT 1 FROM people WHERE subject_id = ANY(@ids) ORDER BY subject_id FOR NO KEY UPDATE").Ids("ids", subjects).RunAsync(ct).ConfigureAwait(false);
            return await PostgresPeople.AmongAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
        },
        ct);

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) => database.PartAsync(
        async () =>
        {
            (int Planned, int Held) counts = await PostgresIssuances.PlanAsync(connection, transaction, issuances, now, ct).ConfigureAwait(false);
            planned |= counts.Planned > 0;
            return counts;
        },
        ct);

    public Task<int> StopAsync(IReadOnlyCollection<Guid> issuances, string sentence, string ruleBook, CancellationToken ct) => database.PartAsync(
        () => Bulk(
            """
            WITH mine AS (
                SELECT issuance_id FROM issuances WHERE issuance_id = ANY(@ids) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0 ORDER BY issuance_id FOR UPDATE)
            UPDATE issuances AS i SET state = 'Held', cause = @cause, sentence = @sentence, rule_book = @ruleBook, planned_at = @now, claimed_until = NULL, not_before = NULL
            FROM mine WHERE i.issuance_id = mine.issuance_id
            """)
            .Ids("ids", issuances).Word("cause", HoldCauses.NoLongerEarned).Word("sentence", sentence).Word("ruleBook", ruleBook).Time("now", now).RunAsync(ct),
        ct);

    public async Task<bool> SettleAsync(Settlement settlement, CancellationToken ct)
    {
        if (settlement.IsReview)
        {
            return await ExecuteAsync(
                "UPDATE reviews SET settled_at = @now, answer = @answer WHERE issuance_id = @Issuance AND cause = @Cause AND settled_at IS NULL",
                new { settlement.Issuance, settlement.Cause, now, answer = settlement.Approved ? "stays" : "revoke" },
                ct).ConfigureAwait(false) == 1;
        }

        if (!settlement.Approved)
        {
            return await ExecuteAsync(
                "UPDATE issuances SET state = 'Refused', outcome_at = @now, cause = 'rejected', sentence = @why WHERE issuance_id = @Issuance AND state = 'Held' AND cause IS NOT DISTINCT FROM @Cause",
                new { settlement.Issuance, settlement.Cause, why = PostgresText.Safe(settlement.Why), now },
                ct).ConfigureAwait(false) == 1;
        }

        int approved = await ExecuteAsync(
            """
            WITH approved AS (
                UPDATE issuances AS i SET state = 'Planned', planned_at = @now, cause = NULL, sentence = NULL,
                    earned_at = COALESCE(@earned, i.earned_at), expires_at = CASE WHEN @award::jsonb IS NULL THEN i.expires_at ELSE @expires END
                FROM issuance_awards AS a
                WHERE i.issuance_id = @Issuance AND a.issuance_id = i.issuance_id AND i.state = 'Held' AND i.cause IS NOT DISTINCT FROM @Cause AND i.sent_at IS NULL AND COALESCE(@award::jsonb, a.award) IS NOT NULL
                RETURNING i.issuance_id)
            UPDATE issuance_awards AS a SET award = COALESCE(@award::jsonb, a.award) FROM approved WHERE a.issuance_id = approved.issuance_id
            """,
            new
            {
                settlement.Issuance,
                settlement.Cause,
                now,
                award = PostgresText.SafeJson(LedgerJson.Write(settlement.Award)),
                earned = settlement.Award?.EarnedAt.ToUniversalTime(),
                expires = settlement.Award?.ExpiresAt?.ToUniversalTime(),
            },
            ct).ConfigureAwait(false);
        planned |= approved == 1;
        return approved == 1;
    }

    public async Task<bool> MatchAsync(CompletionKey completion, Guid subject, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct)
    {
        var parameters = new { subject, completion.Source, naturalKey = PostgresText.Safe(completion.NaturalKey) };
        int matched = await ExecuteAsync(
            "UPDATE completions SET subject_id = @subject, hold_cause = NULL, hold_sentence = NULL WHERE source = @Source AND natural_key = @naturalKey AND hold_cause IS NOT NULL", parameters, ct).ConfigureAwait(false);
        if (matched == 0)
        {
            return false;
        }

        await ExecuteAsync(
            "INSERT INTO matched_by_hand (source, natural_key, subject_id) VALUES (@Source, @naturalKey, @subject) ON CONFLICT (source, natural_key) DO UPDATE SET subject_id = excluded.subject_id", parameters, ct).ConfigureAwait(false);
        List<IdentifierKey> sorted = [.. identifiers.Distinct().OrderBy(i => i.Value, StringComparer.Ordinal).ThenBy(i => i.Kind, StringComparer.Ordinal).ThenBy(i => i.Scope, StringComparer.Ordinal)];
        await database.PartAsync(
            () => Bulk(
                """
                INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen)
                SELECT kind, scope, value, @subject, @now FROM unnest(@kinds, @scopes, @values) AS t (kind, scope, value) ON CONFLICT DO NOTHING
                """)
                .Text("kinds", sorted.Select(i => i.Kind)).Text("scopes", sorted.Select(i => i.Scope)).Text("values", sorted.Select(i => i.Value)).Id("subject", subject).Time("now", now).RunAsync(ct),
            ct).ConfigureAwait(false);
        return true;
    }

    public async Task<PlanProgress> BeginPlanAsync(string plan, string ruleBook, long effects, CancellationToken ct)
    {
        await ExecuteAsync("INSERT INTO plans (plan_id, rule_book, begun_at, effects, applied) VALUES (@plan, @ruleBook, @now, @effects, 0) ON CONFLICT DO NOTHING", new { plan, ruleBook, now, effects }, ct).ConfigureAwait(false);
        return (await database.PartAsync(() => PostgresLedger.ProgressOfAsync(connection, transaction, plan, ct), ct).ConfigureAwait(false))!;
    }

    public async Task<bool> MovePlanAsync(string plan, long from, long to, CancellationToken ct) =>
        await ExecuteAsync(
            "UPDATE plans SET applied = @to, finished_at = CASE WHEN @to = effects THEN @now END WHERE plan_id = @plan AND applied = @from", new { plan, from, to, now }, ct).ConfigureAwait(false) == 1;

    public Task RecordAsync(Act act, CancellationToken ct) => ExecuteAsync(
        "INSERT INTO acts (at, who, verb, target, why, detail) VALUES (@now, @who, @Verb, @target, @why, @detail)",
        new { now, who = PostgresText.Safe(act.Who), act.Verb, target = PostgresText.Safe(act.Target), why = PostgresText.Safe(act.Why), detail = PostgresText.Safe(act.Detail) },
        ct);

    public Task CommitAsync(CancellationToken ct) => database.PartAsync(
        async () =>
        {
            if (planned)
            {
                await connection.ExecuteAsync(new CommandDefinition("SELECT pg_notify(@channel, '')", new { channel = PostgresLedger.PlannedChannel }, transaction, cancellationToken: ct)).ConfigureAwait(false);
            }

            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return true;
        },
        ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection broke; the server undoes the transaction by itself.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private BulkCommand Bulk(string sql) => new(connection, transaction, sql);

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct) =>
        database.PartAsync(() => connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: ct)), ct);
}
