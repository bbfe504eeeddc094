using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Reads who belongs together.</summary>
internal static class PostgresTies
{
    public static async Task<PersonTies> OfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        List<TieRow> rows = await ReadAsync(
            """
            SELECT subject_id, merged_into, consent::text FROM people WHERE subject_id = ANY(@ids) AND merged_into IS NOT NULL
            UNION ALL SELECT subject_id, merged_into, consent::text FROM people WHERE subject_id = ANY(@ids) AND consent IS NOT NULL AND merged_into IS NULL
            UNION ALL SELECT subject_id, merged_into, consent::text FROM people WHERE merged_into = ANY(@ids)
            """).ConfigureAwait(false);
        if (rows.Any(r => r.MergedInto is not null && subjects.Contains(r.Subject)))
        {
            // Merged people are few: who else belongs to them is asked only where there are any.
            rows.AddRange(await ReadAsync(
                """
                SELECT o.subject_id, o.merged_into, o.consent::text FROM people AS a JOIN people AS o ON o.subject_id = a.merged_into WHERE a.subject_id = ANY(@ids) AND a.merged_into IS NOT NULL
                UNION ALL SELECT o.subject_id, o.merged_into, o.consent::text FROM people AS a JOIN people AS o ON o.merged_into = a.merged_into WHERE a.subject_id = ANY(@ids) AND a.merged_into IS NOT NULL
                """).ConfigureAwait(false));
        }

        return new PersonTies(subjects, rows);

        Task<List<TieRow>> ReadAsync(string sql) => new BulkCommand(connection, transaction, sql).Ids("ids", subjects).ReadAsync(Row, ct);
    }

    /// <summary>Everybody who is merged or said something.</summary>
    public static async Task<PersonTies> AllAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct) =>
        new([], await new BulkCommand(
            connection, transaction,
            """
            SELECT subject_id, merged_into, consent::text FROM people WHERE merged_into IS NOT NULL
            UNION ALL SELECT subject_id, merged_into, consent::text FROM people WHERE consent IS NOT NULL AND merged_into IS NULL
            """).ReadAsync(Row, ct).ConfigureAwait(false));

    private static TieRow Row(NpgsqlDataReader row) => new(row.GetGuid(0), row.IdOrNull(1), row.Text(2));
}
