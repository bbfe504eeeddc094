using System.CommandLine;

namespace CredSync.Host.Commands;

/// <summary>Options of commands that change the ledger by hand: who does it, and why.</summary>
internal sealed class ActOptions
{
    private readonly Option<string> who = new("--as") { Description = "Who does it, for the audit.", DefaultValueFactory = _ => Environment.UserName };
    private readonly Option<string> why;

    public ActOptions(bool required = true) => why = required
        ? new Option<string>("--why") { Description = "Why, for the audit.", Required = true }
        : new Option<string>("--why") { Description = "Why, for the audit.", DefaultValueFactory = _ => "" };

    public void AddTo(Command command)
    {
        command.Options.Add(why);
        command.Options.Add(who);
    }

    public string Who(ParseResult parsed) => parsed.GetValue(who) is { Length: > 0 } name ? name : throw new UsageException("Nobody is named; give --as NAME, for the audit.");

    public string Why(ParseResult parsed) => parsed.GetValue(why) ?? "";
}
