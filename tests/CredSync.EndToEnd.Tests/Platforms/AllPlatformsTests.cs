using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.Northwind;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Platforms;

/// <summary>The shipped configuration against all play platforms at once, with things going wrong at each of them.</summary>
public sealed class AllPlatformsTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-all-").FullName;
    private NorthwindCompany company = null!;
    private SandboxServer server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        company = NorthwindCompany.Create(11, Directory.CreateDirectory(Path.Combine(folder, "records")).FullName);
        server = await SandboxServer.StartAsync(company.Platforms, null, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task With_faults_at_six_platforms_exactly_the_expected_badges_come_of_them()
    {
        IReadOnlyList<ExpectedBadge> expected = CompanyBadges.Of(company, Time.GetUtcNow());
        expected.Select(b => b.Definition).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            ["data-foundations", "data-practitioner", "fire-warden", "first-aider", "people-leader", "project-lead", "safety-basics", "trusted-colleague", "warehouse-operator"]);
        IReadOnlyList<ActiveFault> faults = Break();
        await using WorkerProcess worker = Start();
        while (company.Position < company.Steps)
        {
            for (int i = 0; i < 12; i++)
            {
                company.PlayNext();
            }

            await RoundsAsync(1, worker);
        }

        await UntilAsync(() => faults.All(f => f.Hits == f.Fault.Count), () => "every fault: " + string.Join(", ", faults.Where(f => f.Hits < f.Fault.Count).Select(f => f.Fault)), worker);
        await UntilAsync(() => Number("SELECT count(*) FROM issuances WHERE state = 'Issued'") >= expected.Count, () => $"{expected.Count} badges", worker);
        await RoundsAsync(2, worker);
        await UntilAsync(() => Number("SELECT count(*) FROM issuances WHERE state NOT IN ('Issued', 'Held')") == 0, "nothing under way", worker);
        (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        FoundBadges.In(Path.Combine(folder, "data", "badges"), company.Moodle.World).ShouldBe(expected, ignoreOrder: true);
        Number("SELECT count(*) FROM issuances WHERE state = 'Held'").ShouldBe(0);
        Number("SELECT count(*) FROM people").ShouldBe(company.Moodle.World.Users.Count(u => u.IdNumber.StartsWith("NW-", StringComparison.Ordinal)));
    }

    // Hiccups that the shared policy takes, faults that end a reading, answers that lie, and tokens that end: each platform has some of its own.
    private List<ActiveFault> Break() =>
    [
        Add(company.Moodle, PlayFaultKind.TooManyRequests, skip: 40, count: 2, retryAfter: 1),
        Add(company.Moodle, PlayFaultKind.LoginPage, skip: 90, count: 1),
        Add(company.Moodle, PlayFaultKind.CutMidAnswer, skip: 130, count: 4),
        Add(company.Coursera, PlayFaultKind.ExpiredToken, skip: 1, count: 1),
        Add(company.Coursera, PlayFaultKind.Truncated, skip: 3, count: 1),
        Add(company.Coursera, PlayFaultKind.VanishedCompletion, "enrollmentReports", skip: 5, count: 1),
        Add(company.Edx, PlayFaultKind.ExpiredToken, "grades", skip: 2, count: 1),
        Add(company.Edx, PlayFaultKind.Unavailable, "certificates", skip: 6, count: 4),
        Add(company.Edx, PlayFaultKind.DuplicatePage, "grades", skip: 6, count: 1),
        Add(company.Lrs, PlayFaultKind.LoginPage, skip: 8, count: 1),
        Add(company.Lrs, PlayFaultKind.CutConnection, skip: 14, count: 1),
        Add(company.Api, PlayFaultKind.TooManyRequests, skip: 2, count: 1, retryAfter: 1),
        Add(company.Api, PlayFaultKind.Truncated, skip: 4, count: 1),
    ];

    private static ActiveFault Add(PlayPlatform platform, PlayFaultKind kind, string? operation = null, int skip = 0, int count = 1, double? retryAfter = null) => platform.Faults.Add(new PlayFault
    {
        Kind = kind,
        Operation = operation,
        Skip = skip,
        Count = count,
        RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    });

    private WorkerProcess Start()
    {
        (string Source, string Setting, string Value)[] settings =
        [
            ("moodle-hr", "address", At(company.Moodle)),
            ("moodle-hr", "reverify_slices", "1"),
            ("coursera-academy", "address", At(company.Coursera)),
            ("edx-campus", "address", At(company.Edx)),
            ("lrs-content", "address", At(company.Lrs)),
            ("roadwise", "address", At(company.Api) + "/v1/completions"),
            ("hr-records", "path", company.RecordsScript!.Folder),
            ("hr-records", "settle", "0s"),
        ];
        IEnumerable<string> set = settings.Select(s => $"sources.{s.Source}.{s.Setting}={s.Value}")
            .Concat(settings.Select(s => s.Source).Distinct().SelectMany(s => new[] { $"sources.{s}.every=1s", $"sources.{s}.paused=false" }))
            .Concat(["Operations:Address=http://127.0.0.1:0", "Hooks:Address=http://127.0.0.1:0", "Public:Address=http://127.0.0.1:0", "Dispatch:PollEvery=00:00:00.100"]);
        return WorkerProcess.Start(
            ["run", "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", Path.Combine(folder, "data"), .. set.SelectMany(s => new[] { "--set", s })],
            new Dictionary<string, string>
            {
                ["MOODLE_HR_TOKEN"] = NorthwindScript.Token,
                ["COURSERA_KEY"] = company.Coursera.World.AppKey,
                ["COURSERA_SECRET"] = company.Coursera.World.AppSecret,
                ["EDX_CLIENT_ID"] = company.Edx.World.ClientId,
                ["EDX_CLIENT_SECRET"] = company.Edx.World.ClientSecret,
                ["LRS_KEY"] = company.Lrs.World.Key,
                ["LRS_SECRET"] = company.Lrs.World.Secret,
                ["ROADWISE_TOKEN"] = company.Api.World.Token,
            },
            folder);
    }

    private static string At(PlayPlatform platform) => platform.Address.ToString().TrimEnd('/');

    // Until each source was read so many times more, without a fault, to its end.
    private Task RoundsAsync(int rounds, WorkerProcess worker)
    {
        Dictionary<string, long> before = Readings();
        return UntilAsync(() => Readings() is var now && now.Count == 6 && now.All(n => n.Value >= before.GetValueOrDefault(n.Key) + rounds), $"{rounds} more readings of everything", worker);
    }

    private Dictionary<string, long> Readings() =>
        Query(ledger => ledger.Query<(string Source, long Runs)>("SELECT source, count(*) FROM runs WHERE finished_at IS NOT NULL AND fault IS NULL GROUP BY source").ToDictionary(r => r.Source, r => r.Runs), []);

    private static Task UntilAsync(Func<bool> condition, string what, WorkerProcess worker) => UntilAsync(condition, () => what, worker);

    private static async Task UntilAsync(Func<bool> condition, Func<string> what, WorkerProcess worker)
    {
        long start = Time.GetTimestamp();
        while (!condition())
        {
            (Time.GetElapsedTime(start) < TimeSpan.FromSeconds(120)).ShouldBeTrue($"waited in vain for {what()}\n{worker.Error}");
            worker.HasExited.ShouldBeFalse($"the worker ended while waiting for {what()}\n{worker.Error}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Time, Ct);
        }
    }

    private long Number(string sql) => Query(ledger => ledger.ExecuteScalar<long>(sql), -1);

    private T Query<T>(Func<SqliteConnection, T> query, T otherwise)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "data", "ledger.db")};Mode=ReadWrite;Pooling=False");
            return query(connection);
        }
        catch (SqliteException)
        {
            // Not there yet.
            return otherwise;
        }
    }
}
