using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>
/// Acts in one PostgreSQL transaction. People are locked as pages lock them, in the order of their ids, before anything of them is read; every change says in its
/// condition what it rests on, so that what another transaction changed meanwhile is left as it is.
/// </summary>
internal sealed partial class PostgresActTransaction(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction, TimeProvider time) : IActTransaction
{
    private readonly DateTimeOffset now = time.GetUtcNow();

    public DateTimeOffset Now => now;
    private bool planned;

    public Task<IReadOnlyList<PlanPerson>> PeopleAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => PartAsync(
        async () =>
        {
            PersonTies ties = await LockTogetherAsync(subjects, ct).ConfigureAwait(false);
            return await PostgresPeople.ReadAsync(connection, transaction, onlyFacts: false, PostgresPeople.Among, c => c.Ids("ids", ties.Members), ct).ConfigureAwait(false);
        },
        ct);

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) => PartAsync(
        async () =>
        {
            (int waiting, int held, _) = await PostgresIssuances.PlanAsync(connection, transaction, issuances, claimFor: null, now, ct).ConfigureAwait(false);
            planned |= waiting > 0;
            return (waiting, held);
        },
        ct);

    public Task<int> StopAsync(IReadOnlyCollection<Guid> issuances, string sentence, string ruleBook, CancellationToken ct) => RunAsync(
        Bulk(
            """
            WITH mine AS (
                SELECT issuance_id FROM issuances WHERE issuance_id = ANY(@ids) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0 ORDER BY issuance_id FOR UPDATE)
            UPDATE issuances AS i SET state = 'Held', cause = @cause, sentence = @sentence, rule_book = @ruleBook, planned_at = @now, settle_by = NULL, claimed_until = NULL, not_before = NULL
            FROM mine WHERE i.issuance_id = mine.issuance_id
            """)
            .Ids("ids", issuances).Word("cause", HoldCauses.NoLongerEarned).Word("sentence", sentence).Word("ruleBook", ruleBook).Time("now", now),
        ct);

    public Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct) => PartAsync(
        async () =>
        {
            int count = await PostgresRevocations.PlanAsync(connection, transaction, revocations, now, ct).ConfigureAwait(false);
            planned |= count > 0;
            return count;
        },
        ct);

    public Task<int> NoteFollowedAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) => RunAsync(
        Bulk(
            """
            WITH mine AS (SELECT issuance_id FROM revocations WHERE issuance_id = ANY(@ids) AND state = 'Revoked' AND followed_at IS NULL ORDER BY issuance_id FOR UPDATE)
            UPDATE revocations AS r SET followed_at = @now FROM mine WHERE r.issuance_id = mine.issuance_id
            """).Ids("ids", issuances).Time("now", now),
        ct);

    public async Task<bool> SettleAsync(Settlement settlement, CancellationToken ct)
    {
        if (settlement.IsReview)
        {
            return await RunAsync(
                Bulk("UPDATE reviews SET settled_at = @now, answer = @answer WHERE issuance_id = @id AND cause = @cause AND settled_at IS NULL")
                    .Id("id", settlement.Issuance).Word("cause", settlement.Cause).Time("now", now).Word("answer", settlement.Approved ? "stays" : "revoke"),
                ct).ConfigureAwait(false) == 1;
        }

        if (!settlement.Approved)
        {
            return await RunAsync(
                Bulk("UPDATE issuances SET state = 'Refused', outcome_at = @now, cause = 'rejected', sentence = @why, settle_by = NULL WHERE issuance_id = @id AND state = 'Held' AND cause = @cause")
                    .Id("id", settlement.Issuance).Word("cause", settlement.Cause).Word("why", settlement.Why).Time("now", now),
                ct).ConfigureAwait(false) == 1;
        }

        bool approved = await ApproveAsync(settlement, ct).ConfigureAwait(false);
        planned |= approved;
        return approved;
    }

    public Task<bool> MatchAsync(CompletionKey completion, Guid subject, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct) => PartAsync(
        async () =>
        {
            // In the order in which pages write: people, identifiers, completions. Neither can then block the other.
            const string Before = "before_match";
            await transaction.SaveAsync(Before, ct).ConfigureAwait(false);
            await LockAsync([subject], ct).ConfigureAwait(false);
            await StoreIdentifiersAsync(subject, identifiers, ct).ConfigureAwait(false);
            int matched = await Bulk("UPDATE completions SET subject_id = @id, hold_cause = NULL, hold_sentence = NULL WHERE source = @source AND natural_key = @key AND hold_cause IS NOT NULL")
                .Id("id", subject).Word("source", completion.Source).Word("key", completion.NaturalKey).RunAsync(ct).ConfigureAwait(false);
            if (matched == 0)
            {
                await transaction.RollbackAsync(Before, ct).ConfigureAwait(false);
                return false;
            }

            await Bulk("INSERT INTO matched_by_hand (source, natural_key, subject_id) VALUES (@source, @key, @id) ON CONFLICT (source, natural_key) DO UPDATE SET subject_id = excluded.subject_id")
                .Id("id", subject).Word("source", completion.Source).Word("key", completion.NaturalKey).RunAsync(ct).ConfigureAwait(false);
            return true;
        },
        ct);

    public Task<PlanProgress> BeginPlanAsync(string plan, string ruleBook, long effects, CancellationToken ct) => PartAsync(
        async () =>
        {
            await Bulk("INSERT INTO plans (plan_id, rule_book, begun_at, effects, applied) VALUES (@plan, @ruleBook, @now, @effects, 0) ON CONFLICT DO NOTHING")
                .Word("plan", plan).Word("ruleBook", ruleBook).Time("now", now).Number("effects", effects).RunAsync(ct).ConfigureAwait(false);
            return (await PostgresLedger.ProgressOfAsync(connection, transaction, plan, ct).ConfigureAwait(false))!;
        },
        ct);

    public async Task<bool> MovePlanAsync(string plan, long from, long to, CancellationToken ct) =>
        await RunAsync(
            Bulk("UPDATE plans SET applied = @to, finished_at = CASE WHEN @to = effects THEN @now END WHERE plan_id = @plan AND applied = @from")
                .Word("plan", plan).Number("from", from).Number("to", to).Time("now", now),
            ct).ConfigureAwait(false) == 1;

    public Task RecordAsync(Act act, CancellationToken ct) => RunAsync(Record(Bulk, act, now), ct);

    /// <summary>The statement that records an act.</summary>
    internal static BulkCommand Record(Func<string, BulkCommand> bulk, Act act, DateTimeOffset now) =>
        bulk("INSERT INTO acts (at, who, verb, target, why, detail, was, became) VALUES (@now, @who, @verb, @target, @why, @detail, @was, @became)")
            .Time("now", now).Word("who", act.Who).Word("verb", act.Verb).Word("target", act.Target).Word("why", act.Why).Word("detail", act.Detail)
            .Word("was", act.Was).Word("became", act.Became);

    public Task CommitAsync(CancellationToken ct) => PartAsync(
        async () =>
        {
            if (planned)
            {
                await Bulk("SELECT pg_notify(@channel, '')").Word("channel", PostgresLedger.PlannedChannel).RunAsync(ct).ConfigureAwait(false);
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

    private async Task<bool> ApproveAsync(Settlement settlement, CancellationToken ct) =>
        (await PartAsync(
            () => Bulk(
                """
                WITH mine AS (
                    UPDATE issuances AS i SET state = 'Planned', planned_at = @now, cause = NULL, sentence = NULL, settle_by = NULL,
                        earned_at = COALESCE(@earned, i.earned_at), expires_at = CASE WHEN @award IS NULL THEN i.expires_at ELSE @expires END,
                        exact_dates = i.exact_dates AND @award IS NULL
                    FROM issuance_awards AS a
                    WHERE a.issuance_id = i.issuance_id AND i.issuance_id = @id AND i.state = 'Held' AND i.cause = @cause AND i.sent_at IS NULL AND COALESCE(@award, a.award) IS NOT NULL
                    RETURNING i.issuance_id),
                facts AS (UPDATE issuance_awards AS a SET award = @award FROM mine WHERE a.issuance_id = mine.issuance_id AND @award IS NOT NULL)
                SELECT issuance_id FROM mine
                """)
                .Id("id", settlement.Issuance).Word("cause", settlement.Cause).Time("now", now)
                .Fact("award", LedgerJson.Write(settlement.Award)).Time("earned", settlement.Award?.EarnedAt).Time("expires", settlement.Award?.ExpiresAt)
                .ReadAsync(r => r.GetGuid(0), ct),
            ct).ConfigureAwait(false)).Count == 1;

    // With those who were merged into each other: until all of them are locked, one more may be.
    private async Task<PersonTies> LockTogetherAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        await LockAsync(subjects, ct).ConfigureAwait(false);
        PersonTies ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
        for (int known = subjects.Count; ties.Members.Except(subjects).Any() && ties.Members.Count != known;)
        {
            known = ties.Members.Count;
            await LockAsync(ties.Members, ct).ConfigureAwait(false);
            ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
        }

        return ties;
    }

    private Task<int> LockAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        Bulk("SELECT 1 FROM people WHERE subject_id = ANY(@ids) ORDER BY subject_id FOR NO KEY UPDATE").Ids("ids", subjects).RunAsync(ct);

    private Task<int> StoreIdentifiersAsync(Guid subject, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct)
    {
        List<IdentifierKey> keys = [.. identifiers.OrderBy(k => k.Value, StringComparer.Ordinal).ThenBy(k => k.Kind, StringComparer.Ordinal).ThenBy(k => k.Scope, StringComparer.Ordinal)];
        return Bulk(
            """
            INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen)
            SELECT kind, scope, value, @id, @now FROM unnest(@kinds, @scopes, @values) AS t (kind, scope, value)
            ON CONFLICT DO NOTHING
            """)
            .Text("kinds", keys.Select(k => k.Kind)).Text("scopes", keys.Select(k => k.Scope)).Text("values", keys.Select(k => k.Value)).Id("id", subject).Time("now", now)
            .RunAsync(ct);
    }

    private BulkCommand Bulk(string sql) => new(connection, transaction, sql);

    // A command is given by a person, who can give it again; nothing repeats it unasked.
    private async Task<T> PartAsync<T>(Func<Task<T>> part, CancellationToken ct)
    {
        try
        {
            return await database.PartAsync(part, ct).ConfigureAwait(false);
        }
        catch (CollisionException e)
        {
            throw new StorageException($"{database.Name} found this act and another transaction in each other's way; this step was undone whole: do it again.", e);
        }
    }

    private Task<int> RunAsync(BulkCommand command, CancellationToken ct) => PartAsync(() => command.RunAsync(ct), ct);
}
