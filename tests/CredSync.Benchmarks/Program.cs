using CredSync.Benchmarks;
using CredSync.Benchmarks.Load;
using Spectre.Console;

// Figures of the design, each against a yardstick measured in the same run: dotnet run -c Release --project tests/CredSync.Benchmarks -- [decide] [sign] [lint]; or: plan; or: load, see LoadCommand; or: screens, with --postgres on PostgreSQL, with --rounds 10 with fewer visits, with --people 10000 of fewer people, with --screen overview of one screen; or: log; or: reading [--many N]
var known = new Dictionary<string, Func<IEnumerable<Figure>>>(StringComparer.Ordinal)
{
    ["decide"] = () => [DecideBenchmark.Run()],
    ["sign"] = SignBenchmark.Run,
    ["lint"] = () => [LintBenchmark.Run()],
};
if (args is ["load", .. string[] rest])
{
    return await LoadCommand.RunAsync(rest) is { } taken ? Show(taken) : 2;
}

if (args is ["log"])
{
    return Show([await LogBenchmark.RunAsync()]);
}

if (args is ["reading", .. string[] size])
{
    return Show(await ReadingBenchmark.RunAsync(LoadOptions.Read(size).Many));
}

if (args is ["screens", .. string[] how])
{
    int Number(string option, int usual) => Array.IndexOf(how, option) is >= 0 and var at && at + 1 < how.Length ? int.Parse(how[at + 1], System.Globalization.CultureInfo.InvariantCulture) : usual;
    int rounds = Number("--rounds", ScreensBenchmark.Rounds), people = Number("--people", ScreensBenchmark.People);
    string? only = Array.IndexOf(how, "--screen") is >= 0 and var screen && screen + 1 < how.Length ? how[screen + 1] : null;
    if (!how.Contains("--postgres"))
    {
        return Show(await ScreensBenchmark.RunAsync(null, rounds, people, only));
    }

    await using var servers = new Servers(new LoadOptions());
    return Show(await ScreensBenchmark.RunAsync(await servers.DatabaseAsync(), rounds, people, only));
}

if (args is ["plan"])
{
    return Show([await PlanBenchmark.RunAsync()]);
}

string[] wanted = args.Length == 0 ? [.. known.Keys] : args;
if (wanted.FirstOrDefault(w => !known.ContainsKey(w)) is { } unknown)
{
    AnsiConsole.MarkupLineInterpolated($"[red]There is no figure '{unknown}'; there are: {string.Join(", ", known.Keys)}.[/]");
    return 2;
}

var figures = new List<Figure>();
foreach (string name in wanted)
{
    AnsiConsole.MarkupLineInterpolated($"[grey]measuring {name} …[/]");
    figures.AddRange(known[name]());
}

return Show(figures);

static int Show(IReadOnlyList<Figure> figures)
{
    Table table = new Table().AddColumns("figure", "what", "ours (median)", "yardstick (median)", "ratio", "goal");
    foreach (Figure figure in figures)
    {
        table.AddRow(figure.Id, figure.What, figure.Ours, figure.Yardstick, figure.Ratio, figure.Goal);
    }

    AnsiConsole.Write(table);
    AnsiConsole.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}");
    return 0;
}
