using System.CommandLine;
using System.Text.RegularExpressions;

namespace CredSync.Host.Commands;

/// <summary>Says in one sentence what is wrong with a command line that cannot be read.</summary>
internal static partial class WrongArguments
{
    /// <summary>The sentence, and the command that helps further; null when nothing is wrong.</summary>
    /// <param name="parsed">A command line.</param>
    public static string? Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = Name(command);
        return parsed.Errors.Count == 0 ? null
            : $"{(command.Action is null && command.Subcommands.Count > 0 ? OfSubcommand(parsed, command, name) : string.Join(' ', parsed.Errors.Select(e => Sentence(e.Message)).Distinct(StringComparer.Ordinal)))} See: {name} --help";
    }

    // What follows belongs to the command that is missing, so it is no error of its own.
    private static string OfSubcommand(ParseResult parsed, Command command, string name)
    {
        string there = string.Join(", ", command.Subcommands.Select(c => c.Name));
        return parsed.UnmatchedTokens.FirstOrDefault() is { } word && !word.StartsWith('-') ? $"There is no '{name} {word}'; there are: {there}." : $"'{name}' wants one of: {there}.";
    }

    private static string Sentence(string error)
    {
        string message = TypeName().Replace(error, m => $"as {Kind(m.Groups[1].Value)}");
        message = Blanks().Replace(message, " ").Trim().Replace("' '", "', '", StringComparison.Ordinal);
        return message.EndsWith('.') ? message : $"{message}.";
    }

    private static string Kind(string type) => type switch
    {
        "Guid" => "an id",
        "Double" or "Decimal" => "a number",
        "Boolean" => "true or false",
        _ => "a whole number",
    };

    private static string Name(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Name(parent)} {command.Name}" : "credsync";

    [GeneratedRegex(@"as expected type 'System\.(?:Nullable`1\[System\.)?(\w+)\]?'")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
