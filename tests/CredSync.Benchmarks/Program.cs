using CredSync.Benchmarks;
using Spectre.Console;

// Figures of the design, each against a yardstick measured in the same run: dotnet run -c Release --project tests/CredSync.Benchmarks -- [decide] [sign] [lint] [intake]
var known = new Dictionary<string, Func<Figure>>(StringComparer.Ordinal)
{
    ["decide"] = DecideBenchmark.Run,
    ["sign"] = SignBenchmark.Run,
    ["lint"] = LintBenchmark.Run,
};
string[] wanted = args.Length == 0 ? [.. known.Keys] : args;
if (wanted.FirstOrDefault(w => !known.ContainsKey(w)) is { } unknown)
{
    AnsiConsole.MarkupLineInterpolated($"[red]There is no figure '{unknown}'; there are: {string.Join(", ", known.Keys)}.[/]");
    return 2;
}

Table table = new Table().AddColumns("figure", "what", "ours (median)", "yardstick (median)", "ratio", "goal");
foreach (string name in wanted)
{
    AnsiConsole.MarkupLineInterpolated($"[grey]measuring {name} …[/]");
    Figure figure = known[name]();
    table.AddRow(figure.Id, figure.What, figure.Ours, figure.Yardstick, figure.Ratio, figure.Goal);
}

AnsiConsole.Write(table);
AnsiConsole.WriteLine($"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}");
return 0;
