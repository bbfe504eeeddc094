using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Reads whole histories of people.</summary>
internal static class PostgresHistories
{
    private static readonly Dictionary<string, Completion> NoneStored = [];

    public static async Task<IReadOnlyList<PersonHistory>> OfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        PersonTies ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
        return await OfAsync(connection, transaction, ties, null, NoneStored, ct).ConfigureAwait(false);
    }

    /// <summary>Reads histories.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="ties">Who belongs together.</param>
    /// <param name="source">The source whose completions this transaction stored.</param>
    /// <param name="stored">Those completions by natural key, as it is stored: they are not read back.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<PersonHistory>> OfAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, PersonTies ties, string? source, IReadOnlyDictionary<string, Completion> stored, CancellationToken ct)
    {
        // What this transaction wrote is told by the row's own mark of its writer.
        List<(Guid Subject, Completion Completion)> completions = await new BulkCommand(
            connection,
            transaction,
            stored.Count == 0
                ? "SELECT subject_id, payload::text, NULL FROM completions WHERE subject_id = ANY(@ids)"
                : """
                SELECT subject_id, CASE WHEN own THEN NULL ELSE payload::text END, CASE WHEN own THEN natural_key END
                FROM (SELECT subject_id, payload, natural_key, source = @source AND xmin = pg_current_xact_id()::xid AS own FROM completions WHERE subject_id = ANY(@ids)) AS c
                """)
            .Ids("ids", ties.Members).Word("source", source).ReadAsync(r => (r.GetGuid(0), r.IsDBNull(1) ? stored[r.GetString(2)] : LedgerJson.ReadCompletion(r.GetString(1))), ct).ConfigureAwait(false);

        // A decision compares the dates with a completion's own, exactly; where a column cannot keep them they come from the award.
        List<HeldIssuance> issuances = await new BulkCommand(
            connection,
            transaction,
            """
            SELECT i.subject_id, i.definition, i.occurrence, CASE WHEN i.revoked_at IS NULL THEN i.state ELSE 'Revoked' END, i.cause, i.exact_dates, i.earned_at, i.expires_at,
                CASE WHEN NOT i.exact_dates THEN (SELECT a.award ->> 'earnedAt' FROM issuance_awards AS a WHERE a.issuance_id = i.issuance_id) END,
                CASE WHEN NOT i.exact_dates THEN (SELECT a.award ->> 'expiresAt' FROM issuance_awards AS a WHERE a.issuance_id = i.issuance_id) END,
                i.state IN ('Planned', 'Held') AND i.sent_at IS NULL AND i.attempts = 0
            FROM issuances AS i WHERE i.subject_id = ANY(@ids)
            """)
            .Ids("ids", ties.Members)
            .ReadAsync(
                r => new HeldIssuance(
                    new IssuanceKey(r.GetString(1), r.GetGuid(0), r.GetString(2)), Enum.Parse<IssuanceState>(r.GetString(3)),
                    r.GetBoolean(5) ? r.TimeOrNull(6) : PostgresLedger.ExactTime(r.Text(8)), r.GetBoolean(5) ? r.TimeOrNull(7) : PostgresLedger.ExactTime(r.Text(9))) { Cause = r.Text(4), Waits = r.GetBoolean(10) },
                ct).ConfigureAwait(false);
        ILookup<Guid, Completion> facts = completions.ToLookup(r => ties.RootOf(r.Subject), r => r.Completion);
        ILookup<Guid, HeldIssuance> held = issuances.ToLookup(i => ties.RootOf(i.Key.Subject));
        return [.. ties.Roots.Select(s => new PersonHistory { Subject = s, Completions = [.. facts[s]], Issuances = [.. held[s]], Consents = ties.ConsentsOf(s) })];
    }
}
