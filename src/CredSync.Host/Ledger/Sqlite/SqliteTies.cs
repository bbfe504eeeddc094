using System.Globalization;
using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Reads who belongs together.</summary>
internal static class SqliteTies
{
    public static async Task<PersonTies> OfAsync(SqliteConnection connection, SqliteTransaction? transaction, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        IEnumerable<(string Subject, string? Root, string? Consent)> rows = await connection.QueryAsync<(string, string?, string?)>(new CommandDefinition(
            """
            WITH asked AS MATERIALIZED (SELECT value AS id FROM json_each(@ids))
            SELECT subject_id, merged_into, consent FROM people WHERE subject_id IN (SELECT id FROM asked) AND (merged_into IS NOT NULL OR consent IS NOT NULL)
            UNION SELECT subject_id, merged_into, consent FROM people WHERE merged_into IN (SELECT id FROM asked)
            UNION SELECT o.subject_id, o.merged_into, o.consent FROM people AS a JOIN people AS o ON o.subject_id = a.merged_into WHERE a.subject_id IN (SELECT id FROM asked) AND a.merged_into IS NOT NULL
            UNION SELECT o.subject_id, o.merged_into, o.consent FROM people AS a JOIN people AS o ON o.merged_into = a.merged_into WHERE a.subject_id IN (SELECT id FROM asked) AND a.merged_into IS NOT NULL
            """,
            new { ids = LedgerJson.Write([.. subjects.Select(SqliteText.Of)]) },
            transaction,
            cancellationToken: ct)).ConfigureAwait(false);
        return new PersonTies(subjects, [.. rows.Select(r => new TieRow(Id(r.Subject), r.Root is null ? null : Id(r.Root), r.Consent))]);
    }

    /// <summary>Everybody who is merged or said something.</summary>
    public static async Task<PersonTies> AllAsync(SqliteConnection connection, SqliteTransaction transaction, CancellationToken ct)
    {
        IEnumerable<(string Subject, string? Root, string? Consent)> rows = await connection.QueryAsync<(string, string?, string?)>(new CommandDefinition(
            """
            SELECT subject_id, merged_into, consent FROM people WHERE merged_into IS NOT NULL
            UNION SELECT subject_id, merged_into, consent FROM people WHERE consent IS NOT NULL
            """,
            transaction: transaction,
            cancellationToken: ct)).ConfigureAwait(false);
        return new PersonTies([], [.. rows.Select(r => new TieRow(Id(r.Subject), r.Root is null ? null : Id(r.Root), r.Consent))]);
    }

    private static Guid Id(string text) => Guid.Parse(text, CultureInfo.InvariantCulture);
}
