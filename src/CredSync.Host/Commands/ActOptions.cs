using System.CommandLine;
using CredSync.Host.Ledger;

namespace CredSync.Host.Commands;

/// <summary>Options of commands that change the ledger by hand: who does it, and why.</summary>
internal sealed class ActOptions
{
    private readonly Option<string> who = CreateWho();
    private readonly Option<string> why;

    public ActOptions(bool required = true) => why = required
        ? new Option<string>("--why") { Description = "Why, for the audit.", Required = true }
        : new Option<string>("--why") { Description = "Why, for the audit.", DefaultValueFactory = _ => "" };

    public void AddTo(Command command)
    {
        command.Options.Add(why);
        command.Options.Add(who);
    }

    public string Who(ParseResult parsed) => Named(parsed.GetValue(who));

    public string Why(ParseResult parsed) => parsed.GetValue(why) ?? "";

    /// <summary>The option that names who does it.</summary>
    public static Option<string> CreateWho() => new("--as")
    {
        Description = "Who does it, for the audit; another than you is noted as said by you, for nothing proves it here.", DefaultValueFactory = _ => Environment.UserName,
    };

    /// <summary>The name for the audit: who is named, and who said so when that is another.</summary>
    /// <exception cref="UsageException">Nobody is named, or in a way that would read as if somebody else had said it.</exception>
    public static string Named(string? name) =>
        string.IsNullOrWhiteSpace(name) ? throw new UsageException("Nobody is named; give --as NAME, for the audit.")
        : name.Contains(SaidName.By.Trim(), StringComparison.Ordinal) ? throw new UsageException($"A name does not contain '{SaidName.By.Trim()}': the audit writes that beside names which were said.")
        : SaidName.Of(name.Trim(), Environment.UserName);
}
