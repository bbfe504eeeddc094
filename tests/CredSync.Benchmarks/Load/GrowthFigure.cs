using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// P6 and P7: processes of their own let ever more completions pass, one in twenty of which earns a credential, through the whole embedded worker; each tells its highest
/// memory and its CPU seconds. They run as the container image runs the worker: with its settings of the runtime, and those of the executable.
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
        (double highest, double cpu) = (self.PeakWorkingSet64 / 1e6, Environment.CpuUsage.TotalTime.TotalSeconds);

        // What the runtime holds is mostly room for what will be needed next; what is in use is told apart, so that growth of the one is not taken for growth of the other.
        double committed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes / 1e6;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        self.Refresh();
        Console.WriteLine(Measure.Words($"passed {highest:0.0} {cpu:0.000} {GC.GetTotalMemory(forceFullCollection: false) / 1e6:0.0} {committed:0.0} {self.WorkingSet64 / 1e6:0.0}"));
    }

    private static async Task<Passed> ChildAsync(int count)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(GrowthFigure).Assembly.Location, "load", "pass", "--count", count.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in ShippedSettings())
        {
            start.Environment[name] = value;
        }

        using Process child = Process.Start(start)!;
        string output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        string[] words = output.Split('\n').FirstOrDefault(l => l.StartsWith("passed ", StringComparison.Ordinal))?.Split(' ') ?? throw new InvalidOperationException($"The process with {count} completions failed.");
        Console.Error.WriteLine(Measure.Words($"  {count:N0}: {words[1]} MB, {words[2]} s of CPU; at the end {words[3]} MB in use, {words[4]} MB held for them, {words[5]} MB in all after a collection"));
        return new Passed(double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(string Name, string Value)> ShippedSettings([CallerFilePath] string here = "")
    {
        // The executable's project says so; this one is measured by others in the steady state of a long run.
        yield return ("DOTNET_TieredPGO", "0");
        foreach (string line in File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "Dockerfile")))
        {
            if (line.StartsWith("ENV DOTNET_", StringComparison.Ordinal) || line.StartsWith("ENV MALLOC_", StringComparison.Ordinal))
            {
                string[] parts = line["ENV ".Length..].Split('=', 2);
                yield return (parts[0], parts[1]);
            }
        }
    }

    private sealed record Passed(double Megabytes, double CpuSeconds);
}
