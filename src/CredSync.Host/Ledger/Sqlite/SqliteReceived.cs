using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>
/// Compares what was received with what is stored. This is all that happens for a completion that is known already, and most are: so one statement is used for all of them, and keys and hashes go between SQLite's memory
/// and ours without a command, a reader or a string for each.
/// </summary>
internal static class SqliteReceived
{
    private const string Look = "SELECT received_hash FROM completions WHERE source = ?1 AND natural_key = ?2";

    // How many are looked for between two looks at whether to stop.
    private const int Stride = 1024;

    /// <summary>Whether all are stored with this very hash, as somebody sees them who does not write. Stops at the first that is not.</summary>
    public static bool AreAllKnown(SqliteConnection connection, string source, IReadOnlyList<ReceivedHash> received, CancellationToken ct)
    {
        // One look at the file for all of them: without it each would ask for the locks anew, which costs several times what it finds.
        using SqliteTransaction one = connection.BeginTransaction(deferred: true);
        bool all = Walk(connection, source, received, static (_, _) => false, ct);
        one.Commit();
        return all;
    }

    /// <summary>Those that are not stored with this very hash, in the transaction that the connection is in.</summary>
    public static IReadOnlyList<Difference> Differences(SqliteConnection connection, string source, IReadOnlyList<ReceivedHash> received, CancellationToken ct)
    {
        var different = new List<Difference>();
        Walk(
            connection,
            source,
            received,
            (at, isKnown) =>
            {
                different.Add(new Difference(at, isKnown));
                return true;
            },
            ct);
        return different;
    }

    // False when the caller did not want to go on behind a difference.
    private static bool Walk(SqliteConnection connection, string source, IReadOnlyList<ReceivedHash> received, Func<int, bool, bool> goesOn, CancellationToken ct)
    {
        Check(connection, raw.sqlite3_prepare_v2(connection.Handle, Look, out sqlite3_stmt statement));
        using (statement)
        {
            Check(connection, raw.sqlite3_bind_text(statement, 1, Encoding.UTF8.GetBytes(source)));
            Span<byte> near = stackalloc byte[512];
            for (int at = 0; at < received.Count; at++)
            {
                if (at % Stride == 0)
                {
                    ct.ThrowIfCancellationRequested();
                }

                (string key, string hash) = received[at];
                int most = Encoding.UTF8.GetMaxByteCount(key.Length);
                Span<byte> bytes = most <= near.Length ? near : new byte[most];
                Check(connection, raw.sqlite3_bind_text(statement, 2, bytes[..Encoding.UTF8.GetBytes(key, bytes)]));
                int found = raw.sqlite3_step(statement);
                if (found is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
                {
                    Check(connection, found);
                }

                bool isKnown = found == raw.SQLITE_ROW;
                bool isSame = isKnown && Ascii.Equals(raw.sqlite3_column_blob(statement, 0), hash);
                raw.sqlite3_reset(statement);
                if (!isSame && !goesOn(at, isKnown))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Check(SqliteConnection connection, int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);
}
