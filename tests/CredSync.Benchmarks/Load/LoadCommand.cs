using Spectre.Console;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// The figures that need servers: <c>load [p1] [embedded] [p3] [p3-sqlite] [growth] [recovery] [p2] [dashboard] [--count N] [--rounds N] [--many N] [--postgres STRING] [--rabbitmq URI]</c>.
/// Without addresses containers are started, from the images that the end-to-end tests use.
/// </summary>
internal static class LoadCommand
{
    private static readonly Dictionary<string, Func<LoadOptions, Servers, Task<IReadOnlyList<Figure>>>> Known = new(StringComparer.Ordinal)
    {
        ["p1"] = (o, s) => PipelineFigure.RunAsync(o, s, distributed: true),
        ["embedded"] = (o, s) => PipelineFigure.RunAsync(o, s, distributed: false),
        ["p3"] = RereadFigure.RunAsync,
        ["p3-sqlite"] = (o, _) => RereadFigure.RunEmbeddedAsync(o),
        ["growth"] = (o, _) => GrowthFigure.RunAsync(o),
        ["recovery"] = RecoveryFigure.RunAsync,
        ["p2"] = HookFigure.RunAsync,
        ["dashboard"] = DashboardFigure.RunAsync,
    };

    /// <summary>Takes the figures.</summary>
    /// <returns>They; null when the command line cannot be read, which has been said.</returns>
    public static async Task<IReadOnlyList<Figure>?> RunAsync(IReadOnlyList<string> args)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Read(args);
        }
        catch (FormatException e)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return null;
        }

        if (options.Figures is ["pass"])
        {
            await GrowthFigure.PassAsync(options.Count).ConfigureAwait(false);
            return [];
        }

        if (options.Figures.FirstOrDefault(f => !Known.ContainsKey(f)) is { } unknown)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]There is no load figure '{unknown}'; there are: {string.Join(", ", Known.Keys)}.[/]");
            return null;
        }

        await using var servers = new Servers(options);
        var figures = new List<Figure>();
        foreach (string name in options.Figures.Count == 0 ? [.. Known.Keys] : options.Figures)
        {
            AnsiConsole.MarkupLineInterpolated($"[grey]measuring {name} …[/]");
            figures.AddRange(await Known[name](options, servers).ConfigureAwait(false));
        }

        return figures;
    }
}
