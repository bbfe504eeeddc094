using System.Diagnostics;
using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Host;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Benchmarks;

/// <summary>How long each screen takes to answer, over a ledger of a million completions of a hundred thousand people. The yardstick is a look at one line.</summary>
internal static class ScreensBenchmark
{
    /// <summary>How many people, with ten completions each, as long as nothing else is said.</summary>
    public const int People = 100_000;

    /// <summary>How often each screen is visited, as long as nothing else is said.</summary>
    public const int Rounds = 40;

    // What stands on a screen in place of what comes after it.
    private const string Unfinished = ">counting";

    /// <summary>Measures.</summary>
    /// <param name="postgres">An empty database of PostgreSQL; null for a SQLite file.</param>
    /// <param name="rounds">How often each screen is visited.</param>
    /// <param name="people">How many people, with ten completions each.</param>
    /// <param name="only">The only screen that is visited, such as <c>overview</c> or <c>/issuers</c>; null for all.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? postgres, int rounds, int people, string? only)
    {
        string folder = Directory.CreateTempSubdirectory("credsync-screens-").FullName;
        try
        {
            return await RunAsync(folder, postgres, rounds, people, only).ConfigureAwait(false);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(string folder, string? postgres, int rounds, int people, string? only)
    {
        using IHost host = Build(folder, postgres);
        ILedger ledger = host.Services.GetRequiredService<ILedger>();
        await ledger.MigrateAsync(CancellationToken.None).ConfigureAwait(false);
        await (postgres is null ? FillAsync(Path.Combine(folder, "ledger.db"), people) : PostgresScreens.FillAsync(postgres, people)).ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);
        string root = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = new Uri(root) };
        (await client.GetAsync(new Uri(host.Services.GetRequiredService<OneTimeLinks>().Renew(root))).ConfigureAwait(false)).EnsureSuccessStatusCode();
        Looks looks = host.Services.GetRequiredService<Looks>();
        (double least, _) = await VisitAsync(client, "/health/live", looks, rounds).ConfigureAwait(false);
        var figures = new List<Figure>();
        string person = (await ledger.HistoriesAfterAsync(null, 1, CancellationToken.None).ConfigureAwait(false))[0].Subject.ToString();
        var operators = host.Services.GetRequiredService<OperatorLedger>();
        Page<IssuanceSummary> first = await operators.IssuancesAsync(new IssuanceFilter(), null, 50, CancellationToken.None).ConfigureAwait(false);
        Page<CompletionSummary> told = await operators.CompletionsAsync(new CompletionFilter(), null, 50, CancellationToken.None).ConfigureAwait(false);
        string issuance = first.Items[0].Id.ToString();
        string week = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddDays(-7).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        JobLine job = await host.Services.GetRequiredService<FailureDesk>().ActAsync("retry", new FailureFilter("issuer-refused", null, null, null), null, 1, null, "bench", "bench", CancellationToken.None).ConfigureAwait(false);
        foreach (string screen in new[]
        {
            "", "/sources", "/sources/s", "/failures", "/failures/issuer-refused", "/holds", "/holds?cause=approval", "/issuances", $"/issuances?after={Uri.EscapeDataString(first.Next!)}", "/issuances?state=refused", "/issuances?state=held",
            "/issuances?state=issued&definition=badge-3", "/issuances?issuer=issuer", $"/issuances?state=issued&since={week}", $"/issuances/{issuance}", "/completions", $"/completions?after={Uri.EscapeDataString(told.Next!)}", "/completions?held=true",
            "/completions?source=s", "/completions?course=C-3", $"/completions?without=true&since={week}", "/people", $"/people/{person}", "/credentials", "/credentials/badge-3", "/issuers", "/jobs", $"/jobs/{job.Id}", "/audit", "/audit?who=ada",
            "/runbook",
        }.Where(s => only is null || (s.Length == 0 ? "overview" : s) == only))
        {
            (double slow, double? counted) = await VisitAsync(client, "/operate" + screen, looks, rounds).ConfigureAwait(false);
            figures.Add(new Figure(
                "S", Name(screen), Measure.Words($"{slow * 1000:0} ms (p95){(counted is { } after ? Measure.Words($", its count after {after * 1000:0} ms") : "")}"), Measure.Words($"{least * 1000:0.0} ms"),
                Measure.Words($"{slow / least:0} x"), "< 200 ms"));
        }

        await host.StopAsync().ConfigureAwait(false);
        return figures;
    }

    private static string Name(string screen) => screen.Length == 0 ? "overview" : System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(screen, "(after|since)=[^&]+", "$1=…"), "[0-9a-f]{8}-[0-9a-f-]{27}", "ID");

    private static double Slowest(List<double> seconds)
    {
        seconds.Sort();
        return seconds[(int)(seconds.Count * 0.95)];
    }

    // Seconds until the screen is there, and, where its count comes after it, until a visit shows that as well.
    private static async Task<(double Slowest, double? Counted)> VisitAsync(HttpClient client, string address, Looks looks, int rounds)
    {
        var seconds = new List<double>();
        var counted = new List<double>();
        for (int round = -2; round < rounds; round++)
        {
            // As the first who looks at this screen for a while: what another one was shown a moment ago does not count.
            looks.Forget();
            long start = Stopwatch.GetTimestamp();
            string answer = await client.GetStringAsync(new Uri(address, UriKind.Relative)).ConfigureAwait(false);
            double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bool waits = answer.Contains(Unfinished, StringComparison.Ordinal);
            for (bool counting = waits; counting; counting = answer.Contains(Unfinished, StringComparison.Ordinal))
            {
                answer = await client.GetStringAsync(new Uri(address, UriKind.Relative)).ConfigureAwait(false);
            }

            if (round >= 0)
            {
                seconds.Add(took);
                if (waits)
                {
                    counted.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }
        }

        return (Slowest(seconds), counted.Count == 0 ? null : Slowest(counted));
    }

    private static IHost Build(string folder, string? postgres)
    {
        CredentialDefinition[] definitions = [.. Enumerable.Range(0, 10).Select(i => new CredentialDefinition
        {
            Id = $"badge-{i}", Name = $"Badge {i}", Description = "d", Criteria = "c", Issuers = [new IssuerChoice("issuer", null)], Earn = new CourseRule { Source = "s", Key = $"C-{i}" },
        })];
        var configuration = new Configuration
        {
            Organisation = new Organisation("Bench", "UTC", Guid.Empty), People = PeoplePolicy.Default, Defaults = new Defaults(), Sources = [], Issuers = [],
            RuleBook = RuleBook.Create(definitions, RuleBookSetting.Default), Tests = [],
        };
        var settings = new WorkerSettings
        {
            ConfigFolder = Path.Combine(folder, "config"), DataFolder = folder, Roles = Roles.Operations, LogToTerminal = false, Infrastructure = new Dictionary<string, string?> { ["Operations:Address"] = "http://127.0.0.1:0", ["Public:Address"] = "http://127.0.0.1:0", ["Ledger:ConnectionString"] = postgres },
        };
        var secrets = new SecretReader(settings.Secrets);
        return Worker.Build(settings, _ => { }, new ConfigurationFolder(settings.ConfigFolder, new AdapterCatalogue([], []), secrets, settings.Overrides), configuration, secrets);
    }

    // Ten completions a person, three issuances, one in fifty failed, one in a hundred held; over the last ninety days.
    private static async Task FillAsync(string path, int people)
    {
        await using var connection = new SqliteConnection($"Data Source={path}");
        await connection.OpenAsync().ConfigureAwait(false);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandTimeout = 0;
#pragma warning disable CA2100 // Constants of this benchmark.
        command.CommandText =
            $$"""
            PRAGMA synchronous = OFF;
            BEGIN;
            CREATE TEMP TABLE n AS WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < {{people - 1}})
                SELECT i, printf('%08x-0000-5000-8000-%012x', (i * 2654435761) & 4294967295, i) AS id, strftime('%Y-%m-%dT%H:%M:%S', 'now', printf('-%d minutes', i % 129600)) || '.0000000Z' AS at FROM k;
            INSERT INTO people (subject_id, name, email, first_seen) SELECT id, 'P', printf('p%d@example.com', i), at FROM n;
            INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) SELECT 'email', '', printf('p%d@example.com', i), id, at FROM n;
            INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence, first_seen, last_changed)
                SELECT 's', printf('%d|%d', n.i, c.i), CASE WHEN n.i % 200 = 0 AND c.i = 0 THEN NULL ELSE n.id END, printf('C-%d', c.i), 'Completed', n.at, 'h', 'h', 1,
                    printf('{"key":{"source":"s","naturalKey":"%d|%d"},"identifiers":[],"course":{"key":"C-%d"},"status":"Completed","completedAt":"%s"}', n.i, c.i, c.i, n.at),
                    CASE WHEN n.i % 200 = 0 AND c.i = 0 THEN 'person-ambiguous' END, CASE WHEN n.i % 200 = 0 AND c.i = 0 THEN 'Two people.' END, n.at, n.at
                FROM n, (SELECT i FROM n WHERE i < 10) AS c;
            INSERT INTO issuances (issuance_id, definition, subject_id, occurrence, issuer, state, credential, award, earned_at, rule_book, reason, trace, planned_at, decided_at, attempts, sent_at, outcome_at, credential_id, cause, sentence, fingerprint)
                SELECT printf('%08x-%04x-5000-8000-%012x', (n.i * 40503) & 4294967295, d.i, n.i), printf('badge-%d', (n.i + d.i) % 10), n.id, printf('%d', d.i), 'issuer',
                    CASE WHEN (n.i + d.i) % 100 = 7 THEN 'Held' WHEN (n.i + d.i) % 50 = 3 THEN 'Refused' ELSE 'Issued' END, '{}', '{}', n.at, 'r1', 'earned', '{"node":"course","met":true,"facts":[],"children":[]}', n.at, n.at, 1,
                    CASE WHEN (n.i + d.i) % 100 = 7 THEN NULL ELSE n.at END, CASE WHEN (n.i + d.i) % 100 = 7 THEN NULL ELSE n.at END, CASE WHEN (n.i + d.i) % 50 = 3 OR (n.i + d.i) % 100 = 7 THEN NULL ELSE 'urn:c' END,
                    CASE WHEN (n.i + d.i) % 100 = 7 THEN 'approval' WHEN (n.i + d.i) % 50 = 3 THEN 'issuer-refused' END, CASE WHEN (n.i + d.i) % 50 = 3 THEN 'No.' WHEN (n.i + d.i) % 100 = 7 THEN 'Somebody says.' END, CASE WHEN (n.i + d.i) % 50 = 3 THEN 'abcd1234' END
                FROM n, (SELECT i FROM n WHERE i < 3) AS d;
            INSERT INTO sources (name) VALUES ('s');
            INSERT INTO runs (source, started_at, finished_at, read, new) SELECT 's', at, at, 100, 1 FROM n WHERE i < 50000;
            INSERT INTO acts (at, who, verb, target, why, detail) SELECT at, 'ada', 'approve', id, 'w', 'd' FROM n WHERE i < 20000;
            COMMIT;
            ANALYZE;
            """;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
