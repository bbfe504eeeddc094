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
        List<TieRow> rows = await Bulk($"SELECT subject_id, merged_into, consent::text FROM people WHERE {where} ORDER BY subject_id").ReadAsync(TieOf, ct).ConfigureAwait(false);
        List<Guid> elsewhere = [];
        if (where != Among)
        {
            // Those who were merged into somebody of the range and lie outside it themselves.
            HashSet<Guid> here = [.. rows.Where(r => r.MergedInto is not null).Select(r => r.Subject)];
            List<TieRow> others = await Bulk($"SELECT subject_id, merged_into, consent::text FROM people WHERE merged_into IS NOT NULL AND {where.Replace("subject_id", "merged_into", StringComparison.Ordinal)}")
                .ReadAsync(TieOf, ct).ConfigureAwait(false);
            others.RemoveAll(o => here.Contains(o.Subject));
            elsewhere.AddRange(others.Select(o => o.Subject));
            rows.AddRange(others);
        }

        // In a range, those whose root lies outside it are read with their root.
        List<Guid> people = [.. rows.Where(r => r.MergedInto is null).Select(r => r.Subject)];
        var ties = new PersonTies(people, rows);
        (List<(Guid Subject, Completion Completion)> facts, List<Line> held) = await LinesAsync(connection, transaction, onlyFacts, where, parameters, ct).ConfigureAwait(false);
        if (elsewhere.Count > 0)
        {
            (List<(Guid Subject, Completion Completion)> moreFacts, List<Line> moreHeld) = await LinesAsync(connection, transaction, onlyFacts, Among, c => c.Ids("ids", elsewhere), ct).ConfigureAwait(false);
            facts.AddRange(moreFacts);
            held.AddRange(moreHeld);
        }

        ILookup<Guid, Completion> completions = facts.ToLookup(f => ties.RootOf(f.Subject), f => f.Completion);
        ILookup<Guid, Line> lines = held.ToLookup(l => ties.RootOf(l.Issuance.Key.Subject));
        return [.. people.Select(p => new PlanPerson
        {
            History = new PersonHistory { Subject = p, Completions = [.. completions[p]], Issuances = [.. lines[p].Select(l => l.Issuance)], Consents = ties.ConsentsOf(p) },
            Unsent = [.. lines[p].Where(l => l.IsUnsent).Select(l => l.Issuance.Key)],
            Reviewed = [.. lines[p].Where(l => l.IsReviewed).Select(l => l.Issuance.Key)],
        })];

        BulkCommand Bulk(string sql) => parameters(new BulkCommand(connection, transaction, sql));

        static TieRow TieOf(NpgsqlDataReader row) => new(row.GetGuid(0), row.IdOrNull(1), row.Text(2));
    }

    private static async Task<(List<(Guid Subject, Completion Completion)> Completions, List<Line> Lines)> LinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, bool onlyFacts, string where, Func<BulkCommand, BulkCommand> parameters, CancellationToken ct)
    {
        List<(Guid, Completion)> completions = await Bulk($"SELECT subject_id, payload::text FROM completions WHERE {where}")
            .ReadAsync(r => (r.GetGuid(0), onlyFacts ? StoredFacts.Read(r.GetFieldValue<byte[]>(1)) : LedgerJson.ReadCompletion(r.GetString(1))), ct).ConfigureAwait(false);

        // The dates come from the award, exactly: a decision compares them with a completion's own.
        List<Line> lines = await Bulk(
            $"""
            SELECT i.subject_id, i.definition, i.occurrence, CASE WHEN i.revoked_at IS NULL THEN i.state ELSE 'Revoked' END, a.award ->> 'earnedAt', a.award ->> 'expiresAt', i.cause,
                i.sent_at IS NULL AND i.attempts = 0, EXISTS (SELECT 1 FROM reviews AS r WHERE r.issuance_id = i.issuance_id)
            FROM issuances AS i JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id
            WHERE {where}
            """).ReadAsync(Line.Of, ct).ConfigureAwait(false);
        return (completions, lines);

        BulkCommand Bulk(string sql) => parameters(new BulkCommand(connection, transaction, sql));
    }

    private sealed record Line(HeldIssuance Issuance, bool IsUnsent, bool IsReviewed)
    {
        public static Line Of(NpgsqlDataReader row)
        {
            IssuanceState state = Enum.Parse<IssuanceState>(row.GetString(3));
            bool waits = state is IssuanceState.Planned or IssuanceState.Held && row.GetBoolean(7);
            var issuance = new HeldIssuance(
                new IssuanceKey(row.GetString(1), row.GetGuid(0), row.GetString(2)), state, PostgresLedger.ExactTime(row.Text(4)), PostgresLedger.ExactTime(row.Text(5))) { Cause = row.Text(6), Waits = waits };
            return new Line(issuance, waits, row.GetBoolean(8));
        }
    }
}
