using System.CommandLine;

namespace CredSync.Host.Commands;

/// <summary>Options that commands share, spelled once.</summary>
internal sealed class CommonOptions
{
    public Option<string> Config { get; } = new("--config") { Description = "Folder of the configuration.", DefaultValueFactory = _ => "config" };

    public Option<string> Data { get; } = new("--data") { Description = "Folder for the ledger, keys and badges.", DefaultValueFactory = _ => "data" };

    public Option<string[]> Set { get; } = new("--set") { Description = "Replaces one setting, e.g. --set sources.moodle-hr.address=https://learn.example.org (repeatable; the last one of a name wins).", AllowMultipleArgumentsPerToken = false };

    public Option<string> Format { get; } = CreateFormat();

    public void AddTo(Command command, bool data = true, bool config = true)
    {
        if (config)
        {
            command.Options.Add(Config);
            command.Options.Add(Set);
        }

        if (data)
        {
            command.Options.Add(Data);
        }

        command.Options.Add(Format);
    }

    public Output Output(ParseResult parsed) => new(parsed.GetValue(Format) == "json");

    public WorkerSettings Settings(ParseResult parsed) => new()
    {
        ConfigFolder = parsed.GetValue(Config) ?? "config",
        DataFolder = parsed.GetValue(Data) ?? "data",
        Overrides = Overrides([.. DemoCommand.OverridesOf(parsed.GetValue(Data) ?? "data", parsed.GetValue(Config) ?? "config").Select(o => $"{o.Key}={o.Value}"), .. parsed.GetValue(Set) ?? []]),
        Infrastructure = Infrastructure(parsed.GetValue(Set) ?? []),
    };

    // Dotted paths are the reviewed files' settings, paths with colons are infrastructure (Ledger:File), as .NET spells them.
    private static Dictionary<string, string> Overrides(string[] pairs) =>
        Last(pairs.Select(Split).Where(p => !p.Key.Contains(':', StringComparison.Ordinal)), StringComparer.Ordinal).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    private static Dictionary<string, string?> Infrastructure(string[] pairs) =>
        Last(pairs.Select(Split).Where(p => p.Key.Contains(':', StringComparison.Ordinal)), StringComparer.OrdinalIgnoreCase).ToDictionary(p => p.Key, p => (string?)p.Value, StringComparer.OrdinalIgnoreCase);

    // On a command line the later word wins.
    private static IEnumerable<(string Key, string Value)> Last(IEnumerable<(string Key, string Value)> pairs, StringComparer comparer) => pairs.Reverse().DistinctBy(p => p.Key, comparer);

    private static (string Key, string Value) Split(string pair)
    {
        int at = pair.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (pair[..at], pair[(at + 1)..]) : throw new UsageException($"--set wants NAME=VALUE, not '{pair}'.");
    }

    private static Option<string> CreateFormat()
    {
        var format = new Option<string>("--format") { Description = "text for people, json for programs.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        return format;
    }
}

/// <summary>The command line asks for something that cannot be; ends with <see cref="ExitCodes.Usage"/>.</summary>
internal sealed class UsageException(string sentence) : Exception(sentence);
