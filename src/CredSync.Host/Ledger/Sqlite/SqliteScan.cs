using System.Buffers.Text;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>
/// Reads tables from one end to the other, in parts. Looking for the lines of one person after the other costs several jumps each through a file that lies in the order in which pages came.
/// Ids and facts are taken from SQLite's own memory, without a string for each.
/// </summary>
internal static class SqliteScan
{
    // How many rows are read between two looks at whether to stop.
    private const int Stride = 1024;

    // Ids are spread evenly over their first four digits.
    private const int Prefixes = 1 << 16;

    public static void Read(Func<SqliteCommand> open, int part, int parts, IHistorySink sink, CancellationToken ct)
    {
        People(open, part, parts, sink, ct);
        Completions(open, part, parts, sink, ct);
        Issuances(open, part, parts, sink, ct);
    }

    private static void People(Func<SqliteCommand> open, int part, int parts, IHistorySink sink, CancellationToken ct)
    {
        using SqliteCommand command = open();
        command.CommandText = "SELECT subject_id FROM people WHERE subject_id >= @from AND subject_id < @to";
        command.Parameters.AddWithValue("@from", Prefix(part, parts));
        command.Parameters.AddWithValue("@to", Prefix(part + 1, parts));
        using SqliteDataReader reader = command.ExecuteReader();
        for (int row = 0; reader.Read(); row++)
        {
            Look(row, ct);
            sink.AddPerson(Id(reader));
        }
    }

    private static void Completions(Func<SqliteCommand> open, int part, int parts, IHistorySink sink, CancellationToken ct)
    {
        using SqliteCommand command = open();
        command.CommandText = "SELECT subject_id, payload FROM completions NOT INDEXED WHERE rowid >= @from AND rowid < @to AND subject_id IS NOT NULL";
        if (!Limit(open, command, "SELECT (SELECT min(rowid) FROM completions), (SELECT max(rowid) FROM completions)", part, parts))
        {
            return;
        }

        using SqliteDataReader reader = command.ExecuteReader();
        for (int row = 0; reader.Read(); row++)
        {
            Look(row, ct);
            Guid subject = Id(reader);
            if (sink.Wants(subject))
            {
                sink.AddCompletion(subject, raw.sqlite3_column_blob(reader.Handle, 1));
            }
        }
    }

    private static void Issuances(Func<SqliteCommand> open, int part, int parts, IHistorySink sink, CancellationToken ct)
    {
        using SqliteCommand command = open();
#pragma warning disable CA2100 // Made of constants.
        command.CommandText = $"SELECT {SqlitePeople.Issuance} FROM issuances AS i NOT INDEXED WHERE i.rowid >= @from AND i.rowid < @to";
#pragma warning restore CA2100
        if (!Limit(open, command, "SELECT (SELECT min(rowid) FROM issuances), (SELECT max(rowid) FROM issuances)", part, parts))
        {
            return;
        }

        using SqliteDataReader reader = command.ExecuteReader();
        for (int row = 0; reader.Read(); row++)
        {
            Look(row, ct);
            Guid subject = Id(reader);
            if (sink.Wants(subject))
            {
                sink.AddIssuance(SqlitePeople.IssuanceOf(reader, subject), reader.GetBoolean(8));
            }
        }
    }

    // The rows of one part; false when the table is empty.
    private static bool Limit(Func<SqliteCommand> open, SqliteCommand command, string ends, int part, int parts)
    {
        using SqliteCommand range = open();
#pragma warning disable CA2100 // A constant of the caller.
        range.CommandText = ends;
#pragma warning restore CA2100
        using SqliteDataReader reader = range.ExecuteReader();
        if (!reader.Read() || reader.IsDBNull(0))
        {
            return false;
        }

        long first = reader.GetInt64(0);
        Int128 count = (Int128)reader.GetInt64(1) - first + 1;
        command.Parameters.AddWithValue("@from", (long)(first + (count * part / parts)));
        command.Parameters.AddWithValue("@to", (long)(first + (count * (part + 1) / parts)));
        return true;
    }

    private static Guid Id(SqliteDataReader reader) =>
        raw.sqlite3_column_blob(reader.Handle, 0) is var text && Utf8Parser.TryParse(text, out Guid id, out int used) && used == text.Length
            ? id
            : Guid.Parse(reader.GetString(0), CultureInfo.InvariantCulture);

    // Where a part begins; after all ids for the part behind the last.
    private static string Prefix(int part, int parts) => part == parts ? "g" : (part * Prefixes / parts).ToString("x4", CultureInfo.InvariantCulture);

    private static void Look(int row, CancellationToken ct)
    {
        if (row % Stride == 0)
        {
            ct.ThrowIfCancellationRequested();
        }
    }
}
