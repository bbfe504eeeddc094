using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Commands;

/// <summary>What tests of real <c>credsync</c> processes share: a folder, a copy of the shipped configuration, a play Moodle.</summary>
public abstract class CommandSuite : IAsyncLifetime
{
    private SandboxServer? server;

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("credsync-command-").FullName;

    private protected NorthwindScript Script { get; } = NorthwindScript.Create();

    private protected MoodlePlatform Moodle { get; private set; } = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected string Config => Path.Combine(Folder, "config");

    private protected string Data => Path.Combine(Folder, "data");

    /// <summary>Arguments that lead the shipped configuration to the play Moodle.</summary>
    private protected string[] Common => ["--config", Config, "--data", Data, "--set", $"sources.moodle-hr.address={Moodle.Address.ToString().TrimEnd('/')}", "--set", "sources.moodle-hr.every=1s",
        "--set", "Operations:Address=http://127.0.0.1:0", "--set", "Hooks:Address=http://127.0.0.1:0", "--set", "Public:Address=http://127.0.0.1:0", "--set", "Dispatch:PollEvery=00:00:00.100"];

    public async ValueTask InitializeAsync()
    {
        Moodle = new MoodlePlatform(Script);
        server = await SandboxServer.StartAsync([Moodle], null, Ct);
        string shipped = Path.Combine(AppContext.BaseDirectory, "config");
        foreach (string file in Directory.EnumerateFiles(shipped, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Config, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a command to its end, in the test's folder.</summary>
    private protected Task<(int Code, string Output, string Error)> RunAsync(string verb, params string[] arguments) =>
        WorkerProcess.RunAsync([.. verb.Split(' '), .. arguments, .. Common], Ct, Environment(), Folder);

    private protected WorkerProcess Start(string verb, string? token = null) => WorkerProcess.Start([verb, .. Common], Environment(token), Folder);

    private protected void Edit(string file, string from, string to)
    {
        string path = Path.Combine(Config, file);
        string text = File.ReadAllText(path);
        text.ShouldContain(from);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Another credential for what safety-basics is for, so that a plan has something to change for everybody who holds that.</summary>
    private protected void AddVeteran()
    {
        string rule = File.ReadAllText(Path.Combine(Config, "credentials", "safety-basics.yaml"));
        File.WriteAllText(
            Path.Combine(Config, "credentials", "safety-veteran.yaml"),
            $"credential: safety-veteran\nname: Safety Veteran\n{rule[rule.IndexOf("description:", StringComparison.Ordinal)..rule.IndexOf("tests:", StringComparison.Ordinal)]}");
    }

    private protected static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private protected static async Task UntilAsync(Func<Task<bool>> condition, string what, Func<string> context)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(90)).ShouldBeTrue($"waited in vain for {what}\n{context()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    private static Dictionary<string, string> Environment(string? token = null) => new() { ["MOODLE_HR_TOKEN"] = token ?? NorthwindScript.Token };
}
