using System.CommandLine;
using System.CommandLine.Parsing;
using CredSync.Host.Commands;

namespace CredSync.Host.Tests.Commands;

/// <summary>A command line that cannot be read is answered with one sentence, not with a page of help.</summary>
public sealed class WrongArgumentsTests
{
    private static readonly RootCommand Commands = CredSyncApp.CreateCommands(_ => { });

    [Theory]
    [InlineData("holds", "'credsync holds' wants one of: ls, approve, reject, match. See: credsync holds --help")]
    [InlineData("holds --config config --data data --format json", "'credsync holds' wants one of: ls, approve, reject, match. See: credsync holds --help")]
    [InlineData("jobs frob", "There is no 'credsync jobs frob'; there are: ls, show, changes, plan, apply, backfill, approve, pause, resume, cancel. See: credsync jobs --help")]
    [InlineData("frob", "There is no 'credsync frob'; there are: ")]
    [InlineData("jobs show abc", "Cannot parse argument 'abc' for command 'show' as a whole number. See: credsync jobs show --help")]
    [InlineData("holds approve 12 --why seen", "'12' is no issuance id; credsync holds ls shows them. See: credsync holds approve --help")]
    [InlineData("failures retry 12 --why mended", "'12' is no issuance id; credsync failures show CAUSE shows them. See: credsync failures retry --help")]
    [InlineData("apply --plan plan.json --canary few", "Cannot parse argument 'few' for option '--canary' as a whole number. See: credsync apply --help")]
    [InlineData("reconcile --rate quick", "Cannot parse argument 'quick' for option '--rate' as a number. See: credsync reconcile --help")]
    [InlineData("failures --by moon", "Argument 'moon' not recognized. Must be one of: 'cause', 'source', 'issuer'. See: credsync failures --help")]
    [InlineData("failures retry --cause x", "Option '--why' is required. See: credsync failures retry --help")]
    [InlineData("trace", "Required argument missing for command: 'trace'. See: credsync trace --help")]
    [InlineData("status --frob", "Unrecognized command or argument '--frob'. See: credsync status --help")]
    public void What_is_wrong_with_a_command_line_is_said_in_one_sentence(string command, string sentence)
    {
        string said = WrongArguments.Of(Commands.Parse(CommandLineParser.SplitCommandLine(command).ToArray())).ShouldNotBeNull();
        said.ShouldStartWith(sentence);
        said.ShouldNotContain("\n");
        said.ShouldNotContain("System.");
    }

    [Theory]
    [InlineData("status"), InlineData("apply --plan plan.json --canary 1 --rate 2"), InlineData("holds approve 052bdc5d-a825-5ec8-b502-7984f00d2b87 --why seen --earned 2025-01-31"), InlineData("jobs ls --state done --limit 3")]
    public void A_good_command_line_is_not_spoken_of(string command) => WrongArguments.Of(Commands.Parse(CommandLineParser.SplitCommandLine(command).ToArray())).ShouldBeNull();
}
