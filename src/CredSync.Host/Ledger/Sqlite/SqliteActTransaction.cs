using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Acts in one SQLite write transaction; the write lock is held from its beginning, so nothing read in it can be stale.</summary>
internal sealed partial class SqliteActTransaction(SqliteWrite session, TimeProvider time) : IActTransaction
{
    /// <summary>The statement that records an act.</summary>
    internal const string Record = "INSERT INTO acts (at, who, verb, target, why, detail, was, became) VALUES (@now, @Who, @Verb, @Target, @Why, @Detail, @Was, @Became)";

    private readonly string now = SqliteText.Of(time.GetUtcNow());

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public async Task<IReadOnlyList<PlanPerson>> PeopleAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        PersonTies ties = await SqliteTies.OfAsync(session.Connection, session.Transaction, subjects, ct).ConfigureAwait(false);
        return SqlitePeople.Read(Command, onlyFacts: false, SqlitePeople.Among, ("@ids", LedgerJson.Write([.. ties.Members.Select(SqliteText.Of)])));
    }

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) => SqliteIssuances.PlanAsync(session, issuances, now, ct);

    public Task<int> StopAsync(IReadOnlyCollection<Guid> issuances, string sentence, string ruleBook, CancellationToken ct) => ExecuteAsync(
        """
        UPDATE issuances SET state = 'Held', cause = @cause, sentence = @sentence, rule_book = @ruleBook, planned_at = @now, settle_by = NULL, claimed_until = NULL, not_before = NULL
        WHERE issuance_id IN (SELECT value FROM json_each(@ids)) AND state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0
        """,
        new { ids = LedgerJson.Write([.. issuances.Select(SqliteText.Of)]), cause = HoldCauses.NoLongerEarned, sentence, ruleBook, now },
        ct);

    public Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct) => SqliteRevocations.PlanAsync(session.Connection, session.Transaction, revocations, now, ct);

    public Task<int> NoteFollowedAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) => ExecuteAsync(
        "UPDATE revocations SET followed_at = @now WHERE issuance_id IN (SELECT value FROM json_each(@ids)) AND state = 'Revoked' AND followed_at IS NULL",
        new { ids = LedgerJson.Write([.. issuances.Select(SqliteText.Of)]), now },
        ct);

    public async Task<bool> SettleAsync(Settlement settlement, CancellationToken ct)
    {
        string id = SqliteText.Of(settlement.Issuance);
        if (settlement.IsReview)
        {
            return await ExecuteAsync(
                "UPDATE reviews SET settled_at = @now, answer = @answer WHERE issuance_id = @id AND cause = @Cause AND settled_at IS NULL",
                new { id, settlement.Cause, now, answer = settlement.Approved ? "stays" : "revoke" },
                ct).ConfigureAwait(false) == 1;
        }

        if (settlement.Approved)
        {
            return await ExecuteAsync(
                """
                UPDATE issuances SET state = 'Planned', planned_at = @now, cause = NULL, sentence = NULL, settle_by = NULL, award = COALESCE(@award, award), earned_at = COALESCE(@earned, earned_at), expires_at = CASE WHEN @award IS NULL THEN expires_at ELSE @expires END
                WHERE issuance_id = @id AND state = 'Held' AND cause IS @Cause AND sent_at IS NULL AND COALESCE(@award, award) IS NOT NULL
                """,
                new { id, settlement.Cause, now, award = LedgerJson.Write(settlement.Award), earned = SqliteText.Of(settlement.Award?.EarnedAt), expires = SqliteText.Of(settlement.Award?.ExpiresAt) },
                ct).ConfigureAwait(false) == 1;
        }

        return await ExecuteAsync(
            "UPDATE issuances SET state = 'Refused', outcome_at = @now, cause = 'rejected', sentence = @Why, settle_by = NULL WHERE issuance_id = @id AND state = 'Held' AND cause IS @Cause",
            new { id, settlement.Cause, settlement.Why, now },
            ct).ConfigureAwait(false) == 1;
    }

    public async Task<bool> MatchAsync(CompletionKey completion, Guid subject, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct)
    {
        string id = SqliteText.Of(subject);
        int matched = await ExecuteAsync(
            "UPDATE completions SET subject_id = @id, hold_cause = NULL, hold_sentence = NULL WHERE source = @Source AND natural_key = @NaturalKey AND hold_cause IS NOT NULL",
            new { id, completion.Source, completion.NaturalKey },
            ct).ConfigureAwait(false);
        if (matched == 0)
        {
            return false;
        }

        await ExecuteAsync(
            "INSERT INTO matched_by_hand (source, natural_key, subject_id) VALUES (@Source, @NaturalKey, @id) ON CONFLICT DO UPDATE SET subject_id = excluded.subject_id",
            new { id, completion.Source, completion.NaturalKey },
            ct).ConfigureAwait(false);
        foreach (IdentifierKey key in identifiers)
        {
            await ExecuteAsync(
                "INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) VALUES (@Kind, @Scope, @Value, @id, @now) ON CONFLICT DO NOTHING",
                new { key.Kind, key.Scope, key.Value, id, now },
                ct).ConfigureAwait(false);
        }

        return true;
    }

    public async Task<PlanProgress> BeginPlanAsync(string plan, string ruleBook, long effects, CancellationToken ct)
    {
        await ExecuteAsync(
            "INSERT INTO plans (plan_id, rule_book, begun_at, effects, applied) VALUES (@plan, @ruleBook, @now, @effects, 0) ON CONFLICT DO NOTHING",
            new { plan, ruleBook, now, effects },
            ct).ConfigureAwait(false);
        return (await SqliteLedger.ProgressOfAsync(session.Connection, session.Transaction, plan, ct).ConfigureAwait(false))!;
    }

    public async Task<bool> MovePlanAsync(string plan, long from, long to, CancellationToken ct) =>
        await ExecuteAsync(
            "UPDATE plans SET applied = @to, finished_at = CASE WHEN @to = effects THEN @now ELSE NULL END WHERE plan_id = @plan AND applied = @from",
            new { plan, from, to, now },
            ct).ConfigureAwait(false) == 1;

    public Task RecordAsync(Act act, CancellationToken ct) => ExecuteAsync(Record, RecordOf(act, now), ct);

    /// <summary>What the statement wants of an act.</summary>
    internal static object RecordOf(Act act, string now) => new { now, act.Who, act.Verb, act.Target, act.Why, act.Detail, act.Was, act.Became };

    public Task CommitAsync(CancellationToken ct) => session.CommitAsync(ct);

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private SqliteCommand Command()
    {
        SqliteCommand command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        return command;
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct) =>
        session.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, session.Transaction, cancellationToken: ct));
}
