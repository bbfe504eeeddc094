using System.Text.Json;
using CredSync.EndToEnd.Tests.Containers;
using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using Dapper;
using Npgsql;

namespace CredSync.EndToEnd.Tests.Distributed;

/// <summary>Workers in roles, each a process with a data folder of its own, around one database, one broker and the play Moodle.</summary>
internal sealed class Workers : IAsyncDisposable
{
    private const string Stored = "SELECT count(*) FROM credsync.completions";
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-workers-").FullName;
    private readonly List<WorkerProcess> processes = [];
    private readonly SandboxServer server;
    private int folders;

    private Workers(SandboxServer server, NorthwindScript script, string database, Uri broker) => (this.server, Script, Database, Broker) = (server, script, database, broker);

    public NorthwindScript Script { get; }

    public string Database { get; }

    public Uri Broker { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Workers> CreateAsync(PostgresFixture postgres, RabbitMqFixture rabbitMq, int seed)
    {
        NorthwindScript script = NorthwindScript.Create(seed);
        return new Workers(
            await SandboxServer.StartAsync([new MoodlePlatform(script)], null, Ct), script, await postgres.NewDatabaseAsync(Ct), await rabbitMq.NewVirtualHostAsync(Ct));
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="roles">Its roles, as on the command line.</param>
    /// <param name="settings">Further settings, as <c>Section:Name=value</c>.</param>
    public WorkerProcess Start(string roles, params string[] settings) => Start(roles, Database, Broker, settings);

    /// <summary>Starts a worker that reaches database and broker in a way of its own.</summary>
    public WorkerProcess Start(string roles, string database, Uri broker, params string[] settings)
    {
        string data = Path.Combine(folder, $"{++folders}");
        Directory.CreateDirectory(data);

        // All that mint for one issuer have its key and secret; who only shows or plans has none.
        string[] keys = roles.Split(',').Contains("issue") ? ["--set", $"issuers.northwind-badges.key={Path.Combine(folder, "keys", "northwind-badges.key")}"] : [];
        var worker = WorkerProcess.Start(
            [
                "run", "--roles", roles, "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", data,
                "--set", $"sources.moodle-hr.address={server.Platforms[0].Address.ToString().TrimEnd('/')}", "--set", "sources.moodle-hr.every=1s",
                "--set", "Operations:Address=http://127.0.0.1:0", "--set", "Hooks:Address=http://127.0.0.1:0", "--set", "Public:Address=http://127.0.0.1:0", .. keys, .. settings.SelectMany(s => (string[])["--set", s]),
            ],
            new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.Token, ["Ledger__ConnectionString"] = database, ["Queue__ConnectionString"] = broker.ToString() });
        processes.Add(worker);
        return worker;
    }

    /// <summary>Runs a command beside the workers and gives its JSON.</summary>
    public async Task<JsonElement> RunAsync(string verb)
    {
        string data = Path.Combine(folder, $"{++folders}");
        Directory.CreateDirectory(data);
        (_, string output, string error) = await WorkerProcess.RunAsync(
            [verb, "--format", "json", "--config", Path.Combine(AppContext.BaseDirectory, "config"), "--data", data],
            Ct,
            new Dictionary<string, string> { ["MOODLE_HR_TOKEN"] = NorthwindScript.Token, ["Ledger__ConnectionString"] = Database, ["Queue__ConnectionString"] = Broker.ToString() });
        output.ShouldNotBeEmpty(error);
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Waits until a worker says that it runs.</summary>
    public static Task StartedAsync(WorkerProcess worker) =>
        UntilAsync(() => Task.FromResult(worker.Error.Contains("CredSync is running", StringComparison.Ordinal)), "the worker to start", worker);

    /// <summary>Waits until a worker that takes the role operations says how it is.</summary>
    public static async Task ReadyAsync(WorkerProcess worker, string status, string sentence)
    {
        using var http = new HttpClient();
        string answer = "";
        await UntilAsync(
            async () =>
            {
                string? address = worker.Error.Split('\n').FirstOrDefault(l => l.Contains("health  ", StringComparison.Ordinal))?.Split(' ')[^1].Trim();
                using HttpResponseMessage? response = address is null ? null : await http.GetAsync(new Uri(address), Ct);
                answer = response is null ? "" : await response.Content.ReadAsStringAsync(Ct);
                return answer.Contains($"\"{status}\"", StringComparison.Ordinal) && answer.Contains(sentence, StringComparison.Ordinal);
            },
            $"health to be {status}, '{sentence}'; the last answer was {answer}",
            worker);
    }

    /// <summary>Waits for a number in the database.</summary>
    public Task UntilAsync(string sql, Func<long, bool> condition, string what, params WorkerProcess[] alive) => UntilAsync(async () => condition(await CountAsync(sql)), what, alive);

    /// <summary>A number from the database; -1 while the table is not there or the server is away.</summary>
    public async Task<long> CountAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Database);
            return await connection.ExecuteScalarAsync<long>(sql);
        }
        catch (NpgsqlException)
        {
            return -1;
        }
    }

    /// <summary>Every badge in the journal's documents, as expected badges.</summary>
    public async Task<IReadOnlyList<ExpectedBadge>> BadgesAsync()
    {
        string badges = Path.Combine(folder, "journal");
        await using var connection = new NpgsqlConnection(Database);
        foreach ((Guid id, string definition, byte[] content) in await connection.QueryAsync<(Guid, string, byte[])>(
            "SELECT d.issuance_id, i.definition, d.content FROM credsync_issue.credential_documents AS d JOIN credsync.issuances AS i USING (issuance_id) WHERE d.extension = 'json'"))
        {
            Directory.CreateDirectory(Path.Combine(badges, definition));
            await File.WriteAllBytesAsync(Path.Combine(badges, definition, $"{id}.json"), content, Ct);
        }

        return FoundBadges.In(badges, Script.World);
    }

    /// <summary>Plays the script on, to a fraction of it.</summary>
    public void Play(double fraction)
    {
        while (Script.Position < Script.Timeline.Count * fraction)
        {
            Script.PlayNext();
        }
    }

    /// <summary>Every expected badge is there, once, and nothing else; every completion is accounted for.</summary>
    public async Task ShouldBeCompleteAsync()
    {
        IReadOnlyList<ExpectedBadge> expected = Expected;
        (await BadgesAsync()).ShouldBe(expected, ignoreOrder: true);
        (await CountAsync("SELECT count(*) FROM credsync.issuances")).ShouldBe(expected.Count);
        (await CountAsync(Stored)).ShouldBe(Script.Expected().Count);
        (await CountAsync("SELECT count(*) FROM credsync_issue.issue_journal WHERE state <> 'Finished'")).ShouldBe(0);
    }

    /// <summary>Waits until as many badges are issued as are expected, and every completion is stored: one that earns nothing may be read after the last badge is there.</summary>
    public async Task UntilIssuedAsync(params WorkerProcess[] alive)
    {
        int count = Expected.Count;
        await UntilAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Issued'", n => n >= count, $"{count} issued badges", alive);
        int completions = Script.Expected().Count;
        await UntilAsync(Stored, n => n >= completions, $"{completions} completions", alive);
    }

    private IReadOnlyList<ExpectedBadge> Expected => ExpectedBadges.Of(Script.Expected(), Time.GetUtcNow());

    /// <summary>Everything that the workers wrote, for a failing test's reader.</summary>
    public string Log => string.Join("\n----\n", processes.Select(p => p.Error));

    public async ValueTask DisposeAsync()
    {
        foreach (WorkerProcess process in processes)
        {
            await process.DisposeAsync();
        }

        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, params WorkerProcess[] alive)
    {
        long start = Time.GetTimestamp();
        while (!await condition())
        {
            string log = string.Join("\n----\n", alive.Select(w => w.Error));
            (Time.GetElapsedTime(start) < TimeSpan.FromSeconds(120)).ShouldBeTrue($"waited in vain for {what}\n{log}");
            alive.ShouldAllBe(w => !w.HasExited, $"a worker ended while waiting for {what}\n{log}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Time, Ct);
        }
    }
}
