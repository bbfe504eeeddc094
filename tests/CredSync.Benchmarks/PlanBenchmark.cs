using System.Diagnostics;
using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Plans;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Plans;
using CredSync.Host.Storage;
using Microsoft.Data.Sqlite;

namespace CredSync.Benchmarks;

/// <summary>
/// The plan over a whole history: 1 M completions of 100 k people under 500 rules, from a SQLite file in which completions lie as they came, course by course.
/// The yardstick is reading every payload once in the order of people. The environment variable PLAN_COMPLETIONS takes fewer.
/// </summary>
internal static class PlanBenchmark
{
    private const int Rules = 500;
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<Figure> RunAsync()
    {
        int completions = int.TryParse(Environment.GetEnvironmentVariable("PLAN_COMPLETIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int fewer) ? fewer : 1_000_000;
        string folder = Directory.CreateTempSubdirectory("credsync-plan-").FullName;
        try
        {
            string file = Path.Combine(folder, "ledger.db");
            using var database = new SqliteDatabase(file);
            var ledger = new SqliteLedger(database, TimeProvider.System);
            await ledger.MigrateAsync(CancellationToken.None).ConfigureAwait(false);
            Fill(file, completions);
            Configuration configuration = PlayConfiguration.Read(PlayConfiguration.Files(Rules));
            var planner = new Planner(ledger, TimeProvider.System);
            double read = Measure.Time(() => ReadAll(file));
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            PlanHeader plan = await planner.MakeAsync(configuration.RuleBook, PlanScope.All, null, Path.Combine(folder, "plan.json"), _ => { }, CancellationToken.None).ConfigureAwait(false);
            double ours = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            cpu = Environment.CpuUsage.TotalTime - cpu;
            using var self = Process.GetCurrentProcess();
            return new Figure(
                "plan", Measure.Words($"plan over {completions:N0} completions, {completions / 10:N0} people, {Rules} rules; {plan.Changes:N0} changes"),
                Measure.Words($"{ours:0.0} s, {cpu.TotalSeconds:0.0} s of CPU, {self.PeakWorkingSet64 / 1e6:0} MB at most"), Measure.Words($"{read:0.0} s"), Measure.Words($"{read / ours:0.00}"), "< 10 s on two cores, < 500 MB");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ReadAll(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT payload FROM completions ORDER BY subject_id";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            reader.GetFieldValue<byte[]>(0);
        }
    }

    private static void Fill(string file, int completions)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using (SqliteCommand fast = connection.CreateCommand())
        {
            fast.CommandText = "PRAGMA synchronous = OFF";
            fast.ExecuteNonQuery();
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        int people = completions / 10;
        string[] subjects = [.. Enumerable.Range(0, people).Select(i => SqliteText.Of(NameBasedUuid.Create(Guid.Empty, Measure.Words($"person {i}"))))];
        string now = SqliteText.Of(Start);
        Insert(connection, transaction, "INSERT INTO people (subject_id, name, email, first_seen) VALUES ($1, $2, $3, $4)", subjects.Select((s, i) => new object[] { s, $"Person {i}", $"p{i}@bench.example", now }));
        Insert(
            connection, transaction,
            "INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, first_seen, last_changed) VALUES ($1, $2, $3, $4, 'Completed', $5, 'h', 'h', 1, $6, $5, $5)",
            Enumerable.Range(0, completions).Select(i => Row(i, people, subjects)));
        transaction.Commit();

        // As it lies in a ledger that has been at work for years: not in the log of the last transaction.
        using SqliteCommand settle = connection.CreateCommand();
        settle.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        settle.ExecuteNonQuery();
    }

    // Course by course, as platforms are swept; a tenth of the courses stands in a rule.
    private static object[] Row(int number, int people, string[] subjects)
    {
        int person = number % people, course = (number / people * 37) + (person % 500);
        var completion = new Completion
        {
            Key = new CompletionKey("play", Measure.Words($"{person}|{course}|1")),
            Identifiers = [new PersonIdentifier("external_id", Measure.Words($"P{person}")), new PersonIdentifier("email", Measure.Words($"p{person}@bench.example"))],
            PersonName = Measure.Words($"Person {person}"),
            Course = new Course { Key = Measure.Words($"C-{course}"), Title = "A course of the catalogue" },
            Status = CompletionStatus.Completed,
            CompletedAt = Start.AddMinutes(number),
            CompletedAtPrecision = TimePrecision.Instant,
            Score = new Score { Scaled = (number % 100) / 100m },
        };
        return ["play", completion.Key.NaturalKey, subjects[person], completion.Course.Key, SqliteText.Of(completion.CompletedAt)!, LedgerJson.Write(completion)];
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, string sql, IEnumerable<object[]> rows)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (object[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                if (command.Parameters.Count <= i)
                {
                    command.Parameters.Add(new SqliteParameter { ParameterName = Measure.Words($"${i + 1}") });
                }

                command.Parameters[i].Value = row[i];
            }

            command.ExecuteNonQuery();
        }
    }
}
