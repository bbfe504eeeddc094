using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Reads what plans look at.</summary>
internal static class PostgresPeople
{
    /// <summary>Those whose ids are in <c>@ids</c>.</summary>
    public const string Among = "subject_id = ANY(@ids)";

    /// <summary>Those up to <c>@last</c>.</summary>
    public const string UpTo = "subject_id <= @last";

    /// <summary>Those after <c>@after</c> and up to <c>@last</c>.</summary>
    public const string InRange = "subject_id > @after AND subject_id <= @last";

    /// <summary>Reads people, in the order of their ids.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction; three statements see one state only when it is one snapshot or the people are locked.</param>
    /// <param name="onlyFacts">Whether only what rules look at is wanted of each completion; what is written on credentials needs all of it.</param>
    /// <param name="where">One of the constants here.</param>
    /// <param name="parameters">Gives a command the parameters of it.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<PlanPerson>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, bool onlyFacts, string where, Func<BulkCommand, BulkCommand> parameters, CancellationToken ct)
    {
        List<Guid> people = await Bulk($"SELECT subject_id FROM people WHERE {where} ORDER BY subject_id").ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false);
        ILookup<Guid, Completion> completions = (await Bulk($"SELECT subject_id, payload::text FROM completions WHERE {where}")
            .ReadAsync(r => (Subject: r.GetGuid(0), Completion: onlyFacts ? StoredFacts.Read(r.GetFieldValue<byte[]>(1)) : LedgerJson.ReadCompletion(r.GetString(1))), ct).ConfigureAwait(false)).ToLookup(r => r.Subject, r => r.Completion);

        // The dates come from the award, exactly: a decision compares them with a completion's own.
        ILookup<Guid, Line> lines = (await Bulk(
            $"""
            SELECT i.subject_id, i.definition, i.occurrence, CASE WHEN i.revoked_at IS NULL THEN i.state ELSE 'Revoked' END, a.award ->> 'earnedAt', a.award ->> 'expiresAt', i.cause,
                i.sent_at IS NULL AND i.attempts = 0, EXISTS (SELECT 1 FROM reviews AS r WHERE r.issuance_id = i.issuance_id)
            FROM issuances AS i JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id
            WHERE {where}
            """).ReadAsync(Line.Of, ct).ConfigureAwait(false)).ToLookup(l => l.Issuance.Key.Subject);
        return [.. people.Select(p => new PlanPerson
        {
            History = new PersonHistory { Subject = p, Completions = [.. completions[p]], Issuances = [.. lines[p].Select(l => l.Issuance)] },
            Unsent = [.. lines[p].Where(l => l.IsUnsent).Select(l => l.Issuance.Key)],
            Reviewed = [.. lines[p].Where(l => l.IsReviewed).Select(l => l.Issuance.Key)],
        })];

        BulkCommand Bulk(string sql) => parameters(new BulkCommand(connection, transaction, sql));
    }

    private sealed record Line(HeldIssuance Issuance, bool IsUnsent, bool IsReviewed)
    {
        public static Line Of(NpgsqlDataReader row)
        {
            IssuanceState state = Enum.Parse<IssuanceState>(row.GetString(3));
            var issuance = new HeldIssuance(
                new IssuanceKey(row.GetString(1), row.GetGuid(0), row.GetString(2)), state, PostgresLedger.ExactTime(row.Text(4)), PostgresLedger.ExactTime(row.Text(5))) { Cause = row.Text(6) };
            return new Line(issuance, state is IssuanceState.Planned or IssuanceState.Held && row.GetBoolean(7), row.GetBoolean(8));
        }
    }
}
