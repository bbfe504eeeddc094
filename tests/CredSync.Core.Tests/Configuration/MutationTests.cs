using System.Globalization;
using CredSync.Core.Configuration;
using CsCheck;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CredSync.Core.Tests.Configuration;

/// <summary>One mistake at a time in the configuration that ships: the finding names the place of the mistake.</summary>
public sealed class MutationTests
{
    private static readonly string[] References = ["source", "issuer", "credential", "by", "tag"];
    private static readonly string[] Headings = ["id", "column", "preferred_name", "legal_name", "from", "to", "file"];

    // The configuration that ships, and beside it every setting that it does not need.
    private static readonly IReadOnlyList<ConfigurationFile> Files =
    [
        .. Shipped.Files.Where(f => !f.Path.EndsWith("people.yaml", StringComparison.Ordinal)).Select(f => f.Path switch
        {
            "config/sources/moodle-hr.yaml" => f with { Text = f.Text + "consent: given\n" },
            "config/issuers/northwind-badges.yaml" => f with { Text = f.Text + "consent: required\n" },
            "config/credsync.yaml" => f with { Text = f.Text + "  grace: 2d\nlimits: { new_people: 50, new_people_share: 10 % }\nretention: { runs: 100d, set_aside: 200d }\n" },
            _ => f,
        }),
        new("config/people.yaml",
            """
            match: [external_id, username, email]
            unknown: hold
            contradicting: create
            name: legal
            email: verified
            directory:
              file: people.csv
              separator: semicolon
              id: number
              identifiers:
                - { column: mail, kind: email }
                - { column: login, kind: username, source: moodle-hr }
              preferred_name: known_as
              legal_name: name
              from: since
              to: until
              consent: [badges, { column: northwind, issuer: northwind-badges }]

            """),
        new("config/people.csv", "number;mail;login;known_as;name;since;until;badges;northwind\nNW-1;ada@northwind.example;ada;Ada;Augusta;2025-01-01;;yes;no\n"),
        new("config/credentials/mentor.yaml",
            """
            credential: mentor
            name: Mentor
            description: Helps others to learn.
            criteria: Complete **MENTOR-1**.
            approval: { by: learning-team, because: "the report must be there", within: 14d, then: issue }
            on_revoked: revoke
            grace: 7d
            earn: { course: { source: moodle-hr, key: MENTOR-1 } }
            unless: { credential: people-leader }
            tests:
              - name: it waits
                events: [{ at: 2025-03-01, course: MENTOR-1 }]
                expect: [{ held: approval }]

            """),
    ];

    [Fact]
    public void What_is_mutated_is_right_before() =>
        FindingText.Render([.. Shipped.Read(With("", "")).Findings.Where(f => f.Severity == Severity.Error)]).ShouldBe("");

    [Fact]
    public void Every_heading_that_the_directory_does_not_have_is_found_where_it_is_named() =>
        Judge(from token in Tokens().Where(t => !t.IsKey && !t.IsCollection && Headings.Contains(t.Key) && t.Parent is "directory" or "identifiers" or "consent" && Headings.Contains(t.Key))
              select token.Replace(token.Text + "-gone", "heading gone"));

    [Fact]
    public void Every_misspelt_key_is_found_where_it_stands() =>
        Judge(from token in Tokens().Where(t => t.IsKey && t.Parent is not ("tags" or "attributes")) select token.Replace(token.Text + "x", "key misspelt"));

    [Fact]
    public void Every_key_with_two_letters_swapped_is_found_where_it_stands() =>
        Judge(from token in Tokens().Where(t => t.IsKey && t.Parent is not ("tags" or "attributes") && t.Text.Length > 3 && t.Text[1] != t.Text[2])
              select token.Replace(token.Text[..1] + token.Text[2] + token.Text[1] + token.Text[3..], "letters swapped"));

    [Fact]
    public void Every_key_written_twice_is_found_where_it_stands_again() =>
        Judge(from token in Tokens().Where(t => t.IsKey && t.IsFlow) select token.Repeat());

    [Fact]
    public void Every_value_of_a_wrong_type_is_found_where_it_stands() =>
        Judge(from token in Tokens().Where(t => !t.IsKey)
              from wrong in token.IsCollection ? ["wrong", "\"\""] : new[] { "[wrong]", "{ wrong: [wrong] }" }
              where !(token.IsCollection && wrong == "wrong" && token.Key is "course" or "skills")
              select token.Replace(wrong, $"value {wrong}"));

    [Fact]
    public void Every_value_that_is_taken_away_is_found_where_its_key_stands() =>
        Judge(from token in Tokens().Where(t => !t.IsKey && t.KeyToken is not null) select token.Replace("", "value removed") with { Line = token.KeyToken!.Line, Column = token.KeyToken.Column });

    [Fact]
    public void Every_reference_that_leads_nowhere_is_found_where_it_stands() =>
        Judge(from token in Tokens().Where(t => !t.IsKey && !t.IsCollection && References.Contains(t.Key) && t.Parent != "approval") select token.Replace(token.Text + "-gone", "dangling"));

    [Fact]
    public void Every_unit_that_is_left_out_is_found_where_it_stands() =>
        Judge(from token in Tokens().Where(t => !t.IsKey && !t.IsCollection && char.IsAsciiDigit(t.Text.TrimStart('>', '=', ' ')[0]) && t.Key is "score" or "every" or "expected_freshness" or "for" or "renew_within" or "within" or "grace" or "new_people_share" or "runs" or "set_aside")
              select token.Replace($"\"{new string([.. token.Text.TakeWhile(c => !char.IsAsciiLetter(c) && c != '%')]).TrimEnd()}\"", "unit removed"));

    [Fact]
    public void Text_that_is_broken_anywhere_gives_findings_and_never_an_exception() =>
        Gen.Select(Gen.Int[0, Files.Count - 1], Gen.Int[0, 4000], Gen.Int[0, 30], Gen.OneOf("", "\t", ":", "- ", "[", "}", "\"", "'", "&a ", "*a", "!t ", "|", "\n", "\0", "#", "%", "---\n", "\ud800", "? ", "@", "`", ">", "{", ": :", "<<: *a"))
        .Sample((file, at, remove, insert) =>
        {
            string text = Files[file].Text;
            at %= text.Length;
            string broken = string.Concat(text.AsSpan(0, at), insert, text.AsSpan(Math.Min(text.Length, at + remove)));
            int lines = broken.AsSpan().Count('\n') + 2;
            ConfigurationResult result = Shipped.Read(With(Files[file].Path, broken));
            foreach (Finding finding in result.Findings)
            {
                FindingText.Render(finding).ShouldNotContain('\n');
                finding.Line.ShouldBeLessThanOrEqualTo(finding.File == Files[file].Path ? lines : 1000);
            }
        }, iter: 3000);

    private static void Judge(IEnumerable<Mutation> mutations)
    {
        int all = 0;
        List<string> missed = [];
        foreach (Mutation mutation in mutations)
        {
            all++;
            ConfigurationResult result = Shipped.Read(With(mutation.File, mutation.Text));
            if (!result.Findings.Any(f => f.File == mutation.File && f.Line == mutation.Line && f.Column == mutation.Column))
            {
                missed.Add($"{mutation.File}:{mutation.Line}:{mutation.Column} {mutation.What}, but: {FindingText.Render(result.Findings).Replace('\n', '|')}");
            }
        }

        all.ShouldBeGreaterThan(5);
        string.Join('\n', missed).ShouldBe("", $"{missed.Count} of {all} were missed.");
    }

    private static List<ConfigurationFile> With(string path, string text) => [.. Files.Select(f => f.Path == path ? f with { Text = text } : f)];

    private static IEnumerable<Token> Tokens() => Files.Where(f => f.Path.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(TokensOf);

    private static List<Token> TokensOf(ConfigurationFile file)
    {
        List<Token> tokens = [];
        var parser = new Parser(new StringReader(file.Text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        Walk(parser, file, tokens, key: null, parent: "", isFlow: false);
        return tokens;
    }

    private static void Walk(Parser parser, ConfigurationFile file, List<Token> tokens, Token? key, string parent, bool isFlow)
    {
        ParsingEvent start = parser.Current!;
        switch (start)
        {
            case Scalar scalar:
                parser.MoveNext();
                // Texts of several lines end where the next line begins.
                if (scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded))
                {
                    tokens.Add(Token.Of(file, scalar, scalar.End, scalar.Value, key, parent, isFlow, isCollection: false));
                }

                break;
            case SequenceStart sequence:
                parser.MoveNext();
                while (!parser.Accept<SequenceEnd>(out _))
                {
                    Walk(parser, file, tokens, null, key?.Text ?? parent, sequence.Style == SequenceStyle.Flow);
                }

                AddCollection(parser.Consume<SequenceEnd>(), sequence.Style == SequenceStyle.Flow);
                break;
            case MappingStart mapping:
                parser.MoveNext();
                while (!parser.Accept<MappingEnd>(out _))
                {
                    Scalar name = parser.Consume<Scalar>();
                    Token token = Token.Of(file, name, name.End, name.Value, null, key?.Text ?? parent, mapping.Style == MappingStyle.Flow, isCollection: false) with { IsKey = true };
                    tokens.Add(token);
                    Walk(parser, file, tokens, token, key?.Text ?? parent, mapping.Style == MappingStyle.Flow);
                }

                AddCollection(parser.Consume<MappingEnd>(), mapping.Style == MappingStyle.Flow);
                break;
        }

        void AddCollection(ParsingEvent end, bool flow)
        {
            if (flow && key is not null)
            {
                tokens.Add(Token.Of(file, start, end.End, "", key, parent, isFlow, isCollection: true));
            }
        }
    }

    private sealed record Mutation(string File, string Text, long Line, long Column, string What);

    private sealed record Token(ConfigurationFile File, int Start, int End, long Line, long Column, string Text, Token? KeyToken, string Parent, bool IsFlow, bool IsCollection)
    {
        public bool IsKey { get; init; }

        public string? Key => KeyToken?.Text;

        public static Token Of(ConfigurationFile file, ParsingEvent start, Mark end, string text, Token? key, string parent, bool isFlow, bool isCollection) =>
            new(file, (int)start.Start.Index, (int)end.Index + (isCollection && file.Text[(int)end.Index] is ']' or '}' ? 1 : 0), start.Start.Line, start.Start.Column, text, key, parent, isFlow, isCollection);

        public Mutation Replace(string text, string what) =>
            new(File.Path, string.Concat(File.Text.AsSpan(0, Start), text, File.Text.AsSpan(End)), Line, Column, string.Create(CultureInfo.InvariantCulture, $"'{Text}' {what}"));

        // The same key once more, before it: the second one is where it stood, moved by what was put before it.
        public Mutation Repeat()
        {
            string before = $"{Text}: again, ";
            return new Mutation(File.Path, File.Text.Insert(Start, before), Line, Column + before.Length, $"'{Text}' twice");
        }
    }
}
