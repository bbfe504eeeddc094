using System.Diagnostics;
using System.Globalization;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// P6 and P7: processes of their own let ever more completions pass, one in twenty of which earns a credential, through the whole embedded worker; each tells its highest
/// memory and its CPU seconds.
/// </summary>
internal static class GrowthFigure
{
    private const int OneEarnsOf = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        Passed few = await ChildAsync(options.Many / 100).ConfigureAwait(false), tenth = await ChildAsync(options.Many / 10).ConfigureAwait(false), all = await ChildAsync(options.Many).ConfigureAwait(false);
        return
        [
            new Figure(
                "P6", Measure.Words($"highest memory while {options.Many:N0} completions pass; yardstick {options.Many / 100:N0}"), Measure.Words($"{all.Megabytes:0} MB"), Measure.Words($"{few.Megabytes:0} MB"),
                Measure.Words($"{all.Megabytes / few.Megabytes:0.00}"), "< 1.2, < 300 MB"),
            new Figure(
                "P7", Measure.Words($"CPU of {options.Many:N0} completions; yardstick ten times that of {options.Many / 10:N0}"), Measure.Words($"{all.CpuSeconds:0.0} s"), Measure.Words($"{tenth.CpuSeconds * 10:0.0} s"),
                Measure.Words($"{all.CpuSeconds / (tenth.CpuSeconds * 10):0.00}"), "≤ 1.1"),
        ];
    }

    /// <summary>What a child process does: lets completions pass and writes what it took.</summary>
    public static async Task PassAsync(int count)
    {
        await using LoadWorker worker = LoadWorker.Create(new LoadWork { People = Math.Max(1, count / 5), OneEarnsOf = OneEarnsOf }, null, null);
        await worker.StartAsync().ConfigureAwait(false);
        await worker.PassAsync(count, TimeSpan.FromMinutes(20)).ConfigureAwait(false);
        await worker.CheckAsync().ConfigureAwait(false);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(Measure.Words($"passed {self.PeakWorkingSet64 / 1e6:0.0} {Environment.CpuUsage.TotalTime.TotalSeconds:0.000}"));
    }

    private static async Task<Passed> ChildAsync(int count)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(GrowthFigure).Assembly.Location, "load", "pass", "--count", count.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using Process child = Process.Start(start)!;
        string output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        string[] words = output.Split('\n').FirstOrDefault(l => l.StartsWith("passed ", StringComparison.Ordinal))?.Split(' ') ?? throw new InvalidOperationException($"The process with {count} completions failed.");
        Console.Error.WriteLine(Measure.Words($"  {count:N0}: {words[1]} MB, {words[2]} s of CPU"));
        return new Passed(double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private sealed record Passed(double Megabytes, double CpuSeconds);
}
