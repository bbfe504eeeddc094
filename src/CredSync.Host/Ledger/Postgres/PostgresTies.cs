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

        Task<List<TieRow>> ReadAsync(string sql) => new BulkCommand(connection, transaction, sql).Ids("ids", subjects).ReadAsync(r => new TieRow(r.GetGuid(0), r.IdOrNull(1), r.Text(2)), ct);
    }
}
