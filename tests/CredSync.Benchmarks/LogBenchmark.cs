using System.Security.Cryptography;
using CredSync.Host.Issue;
using CredSync.Host.Storage;
using CredSync.OpenBadges.Transparency;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Benchmarks;

/// <summary>Reading a transparency log of a million entries back after a start, from SQLite; the yardstick is hashing them, leaf and node.</summary>
internal static class LogBenchmark
{
    private const int Entries = 1_000_000;
    private const int Page = 10_000;

    public static async Task<Figure> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("credsync-log-").FullName;
        try
        {
            string file = Path.Combine(folder, "journal.db");
            var database = new SqliteDatabase(file);
            await new SqliteIssueJournal(database, LocalProcess.Self, TimeProvider.System).MigrateAsync(CancellationToken.None);
            Fill(file);
            var store = new SqliteIssuerStore(database, TimeProvider.System);
            long before = GC.GetTotalMemory(forceFullCollection: true), start = TimeProvider.System.GetTimestamp();
            var tree = new MerkleTree();
            while (tree.Size < Entries)
            {
                foreach (ReadOnlyMemory<byte> entry in await store.LogEntriesAsync("issuer", tree.Size, Page, CancellationToken.None))
                {
                    tree.Append(entry.Span);
                }
            }

            tree.Root(Entries);
            double ours = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            byte[] node = new byte[65];
            double yardstick = Measure.Time(() =>
            {
                for (int i = 0; i < Entries; i++)
                {
                    SHA256.HashData(node.AsSpan(0, 33));
                    SHA256.HashData(node);
                }
            });
            GC.KeepAlive(tree);
            return new Figure("log", $"a log of {Entries:N0} entries after a start; it holds {held / 1024 / 1024} MB", Measure.Words($"{ours:0.0} s"), Measure.Words($"{yardstick:0.0} s"), Measure.Words($"{yardstick / ours:0.00}"), "–");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Fill(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        connection.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @Entries)
            INSERT INTO log_entries (issuer, issuance_id, entry, position) SELECT 'issuer', printf('%032d', i), randomblob(32), i FROM n
            """,
            new { Entries },
            commandTimeout: 300);
    }
}
