using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync demo</c>: the whole pipeline against play platforms, in a folder of its own; ends well only if every expected badge verified.</summary>
internal static class DemoCommand
{
    /// <summary>The file that says of a folder that a demo made it, and in what its sources differ there from their files.</summary>
    private const string Marker = ".credsync-demo";
    private const string Freshness = ".expected_freshness";

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var keep = new Option<bool>("--keep") { Description = "Stays up after the script, until Ctrl+C." };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same badges.", DefaultValueFactory = _ => 1 };
        var folder = new Option<string>("--out") { Description = "Folder for the demo's ledger and badges; emptied first.", DefaultValueFactory = _ => "credsync-demo" };
        var command = new Command("demo", "Runs the whole pipeline against play platforms on this machine and verifies every badge. Example: credsync demo --keep") { keep, seed, folder };
        options.AddTo(command, data: false);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed) with { ConfigFolder = ConfigFolder(parsed.GetResult(options.Config), parsed.GetValue(options.Config)!), DataFolder = parsed.GetValue(folder)! }, parsed.GetValue(seed), parsed.GetValue(keep), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, int seed, bool keep, Output output, CancellationToken ct)
    {
        PlayWorldFactory factory = context.PlayWorld ?? throw new UsageException("This executable was built without play platforms, so it has no demo.");
        Empty(settings.DataFolder);
        long start = Stopwatch.GetTimestamp();
        await using IPlayWorld world = await factory(seed, 0, ct).ConfigureAwait(false);
        var clock = new StoryClock(world.Ends);
        WorkerSettings played = ForDemo(settings, world, clock);
        using IHost? host = context.TryBuild(played, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        await File.AppendAllLinesAsync(
            Path.Combine(settings.DataFolder, Marker),
            [Path.GetFullPath(settings.ConfigFolder), .. played.Overrides.Where(o => o.Key.EndsWith(Freshness, StringComparison.Ordinal)).Select(o => $"{o.Key}={o.Value}")], ct).ConfigureAwait(false);

        foreach (string line in world.Description)
        {
            output.Remarks.MarkupLineInterpolated($"[grey]{line}[/]");
        }

        // The badges' folder is told before anything else moves, so that it can be watched.
        string badges = Path.GetFullPath(Path.Combine(settings.DataFolder, "badges"));
        await host.StartAsync(ct).ConfigureAwait(false);
        var run = new DemoRun(host.Services, world, badges, start);
        DemoResult result = await run.PlayAsync(output.Remarks, ct).ConfigureAwait(false);
        output.Write(result, console => result.Draw(console));
        if (keep && !ct.IsCancellationRequested)
        {
            // Others look at the badges now, with clocks of their own: a status list that was signed at the end of the story would have ended for them.
            clock.CatchUp();
            output.Remark($"The play platforms and the worker stay up; Ctrl+C stops them. Look around from another terminal:");
            output.Remark($"  credsync status --config {settings.ConfigFolder} --data {settings.DataFolder}");
            if (SignInLink.Make(host, settings) is { } link)
            {
                output.Remark("Or in a browser; this link lets in whoever opens it first, once:");
                output.Remark($"  {link}");
            }

            if (await PageOfAsync(host, ct).ConfigureAwait(false) is { } page)
            {
                output.Remark($"The page of a badge, as an employer sees it: {page}");
            }

            await host.WaitForShutdownAsync(ct).ConfigureAwait(false);
        }
        else
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return result.Good ? ExitCodes.Done : ExitCodes.Refused;
    }

    /// <summary>
    /// In what the sources of a demo's folder differ from their files, so that what is said of them there is what the demo's own screens say: nothing new has come since the story's end,
    /// and that is no trouble of its platforms. Nothing for any other folder, and with another configuration.
    /// </summary>
    internal static IEnumerable<KeyValuePair<string, string>> OverridesOf(string dataFolder, string configFolder)
    {
        string marker = Path.Combine(dataFolder, Marker);
        string[] lines = File.Exists(marker) ? File.ReadAllLines(marker) : [];
        return lines.Contains(Path.GetFullPath(configFolder)) ? lines.Select(l => l.Split('=', 2)).Where(p => p.Length == 2 && p[0].EndsWith(Freshness, StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p[0], p[1])) : [];
    }

    // Badges name their public address; here it is this machine that answers for it.
    private static async Task<string?> PageOfAsync(IHost host, CancellationToken ct)
    {
        string? address = host.Services.GetService<Operations.Public.PublicServer>()?.Address;
        IReadOnlyList<IssuanceLine> issued = await host.Services.GetRequiredService<ILedger>().IssuancesInStateAsync(IssuanceState.Issued, 1, ct).ConfigureAwait(false);
        return address is not null && issued.Count > 0 && Uri.TryCreate(issued[0].PublicUrl, UriKind.Absolute, out Uri? url) ? address + url.AbsolutePath : null;
    }

    // Whoever has no configuration yet sees the example that comes with the program.
    private static string ConfigFolder(OptionResult? given, string folder)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, folder);
        return given is null or { Implicit: true } && !Directory.Exists(folder) && Directory.Exists(shipped) ? shipped : folder;
    }

    private static WorkerSettings ForDemo(WorkerSettings settings, IPlayWorld world, StoryClock clock)
    {
        var overrides = new Dictionary<string, string>(world.Overrides, StringComparer.Ordinal);
        foreach (string source in world.Overrides.Keys.Where(k => k.StartsWith("sources.", StringComparison.Ordinal)).Select(k => k.Split('.')[1]).Distinct())
        {
            overrides[$"sources.{source}.every"] = "1s";

            // The story's last completions lie months before its end; that nothing came since is no trouble of its platforms.
            overrides[$"sources.{source}.expected_freshness"] = "400d";
        }

        foreach ((string path, string value) in settings.Overrides)
        {
            overrides[path] = value;
        }

        return settings with
        {
            Overrides = overrides,
            Secrets = world.Secrets,
            Clock = clock,
            Infrastructure = new Dictionary<string, string?>(settings.Infrastructure, StringComparer.OrdinalIgnoreCase)
            {
                ["Operations:Address"] = "http://127.0.0.1:0",
                ["Hooks:Address"] = "http://127.0.0.1:0",
                ["Public:Address"] = "http://127.0.0.1:0",
                ["Dispatch:PollEvery"] = "00:00:00.200",
                ["Log:Level"] = "Warning",
                ["Ledger:File"] = "ledger.db",
                ["Issue:JournalFile"] = "journal.db",
                ["Issue:BadgeFolder"] = "badges",
                ["Issue:PublishEvery"] = "00:00:02",
            },
        };
    }

    // Only a folder that is empty or that an earlier demo made is emptied.
    private static void Empty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(Path.Combine(folder, Marker)))
            {
                throw new UsageException($"The folder '{folder}' is not empty and was not made by a demo; name another with --out.");
            }

            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Marker), "Made by `credsync demo`; the next demo empties this folder.\n");
    }
}
