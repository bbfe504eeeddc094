using System.Globalization;

namespace CredSync.Benchmarks.Load;

/// <summary>What the load runner is asked for.</summary>
internal sealed record LoadOptions
{
    /// <summary>Which figures; empty for all.</summary>
    public IReadOnlyList<string> Figures { get; init; } = [];

    /// <summary>Completions in a round.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>Rounds before those that count: a process of .NET compiles what it does often anew for some time, and a worker runs for weeks.</summary>
    public int Warm { get; init; } = 4;

    /// <summary>Rounds that count.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Completions that pass for the figure of memory.</summary>
    public int Many { get; init; } = 1_000_000;

    /// <summary>A PostgreSQL that may be filled; null starts a container.</summary>
    public string? Postgres { get; init; }

    /// <summary>A RabbitMQ virtual host that may be filled; null starts a container.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>Reads a command line: names of figures, and options with a value.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static LoadOptions Read(IReadOnlyList<string> args)
    {
        var options = new LoadOptions();
        var figures = new List<string>();
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                figures.Add(args[i]);
                continue;
            }

            string value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i++] switch
            {
                "--count" => options with { Count = Number(value) },
                "--rounds" => options with { Rounds = Number(value) },
                "--warm" => options with { Warm = Number(value) },
                "--many" => options with { Many = Number(value) },
                "--postgres" => options with { Postgres = value },
                "--rabbitmq" => options with { RabbitMq = value },
                string unknown => throw new FormatException($"There is no option '{unknown}'; there are --count, --rounds, --warm, --many, --postgres and --rabbitmq."),
            };
        }

        return options with { Figures = figures };
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new FormatException($"'{text}' is not a number above zero.");
}
