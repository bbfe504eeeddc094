using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CredSync.Host.Tests.Docs;

/// <summary>What the documents show is what there is.</summary>
public sealed class DocumentTests
{
    private static readonly RootCommand Commands = CredSyncApp.CreateCommands(_ => { });

    public static TheoryData<string, string> Shown => [.. Documents().SelectMany(d => Regex.Matches(File.ReadAllText(d), @"(?:`|^ {4}|\n {4}|-- )((?:credsync )[a-z][^`\n#]*|demo[^`\n]*)").Select(m => (Path.GetRelativePath(Root(), d), m.Groups[1].Value.Trim().Replace("\\|", "|", StringComparison.Ordinal))))];

    public static TheoryData<string> Helped => [.. All(Commands).Select(c => string.Join(' ', Names(c)))];

    [Theory, MemberData(nameof(Shown))]
    public void A_command_that_a_document_shows_is_one_that_credsync_knows(string document, string command)
    {
        ParseResult parsed = Commands.Parse(CommandLineParser.SplitCommandLine(command).SkipWhile(w => w == "credsync").ToArray());
        parsed.Errors.ShouldBeEmpty($"{document}: {command}");
    }

    [Theory, MemberData(nameof(Helped))]
    public void Every_command_explains_itself_with_an_example_that_parses(string name)
    {
        Command command = All(Commands).Single(c => string.Join(' ', Names(c)) == name);
        Match example = Regex.Match(command.Description ?? "", @"Example: credsync (.+)$");
        example.Success.ShouldBeTrue($"'{name}' has no example");
        Commands.Parse(example.Groups[1].Value.Replace('\'', '"')).Errors.ShouldBeEmpty(example.Value);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        foreach (string document in Documents())
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)"))
            {
                string target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value);
                (File.Exists(target) || Directory.Exists(target)).ShouldBeTrue($"{Path.GetRelativePath(Root(), document)} links to {link.Groups[1].Value}, which is not there");
            }
        }
    }

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Root(), "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories));

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(c => new[] { c }.Concat(All(c)));

    private static IEnumerable<string> Names(Command command) => command.Parents.OfType<Command>().Where(p => p is not RootCommand).SelectMany(Names).Append(command.Name);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
