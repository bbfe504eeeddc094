using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CredSync.Core.Configuration.Yaml;

/// <summary>
/// Reads the part of YAML that configuration uses: one document of mappings, lists and plain values. JSON is part of it.
/// Anchors, aliases, tags and repeated keys are findings, as is whatever is not YAML.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The longest file, in characters.</summary>
    public const int LongestFile = 1_000_000;

    /// <summary>The deepest nesting.</summary>
    public const int Deepest = 40;

    private readonly string file;
    private readonly FindingList findings;
    private readonly Parser parser;

    private YamlReader(string file, string text, FindingList findings)
    {
        this.file = file;
        this.findings = findings;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file.</summary>
    /// <param name="configuration">The file.</param>
    /// <param name="findings">Receives what is wrong with it.</param>
    /// <returns>Its mapping; null when there is none.</returns>
    public static MappingNode? Read(ConfigurationFile configuration, FindingList findings)
    {
        if (configuration.Text.Length > LongestFile)
        {
            findings.Add(Codes.TooLong, new FilePosition(configuration.Path, 0, 0),
                string.Create(CultureInfo.InvariantCulture, $"The file has {configuration.Text.Length} characters, at most {LongestFile} are read."),
                "split it: one credential, source or issuer a file");
            return null;
        }

        string text = configuration.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? WithoutTabs(configuration.Text) : configuration.Text;
        var reader = new YamlReader(configuration.Path, text, findings);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException broken)
        {
            AddSyntax(configuration, broken.Start, broken.End, broken.Message, findings);
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or NullReferenceException)
        {
            // For some broken texts the parser throws what it did not mean to; the last thing that it read is near the place.
            Mark last = reader.parser.Current?.End ?? Mark.Empty;
            AddSyntax(configuration, last, last, "it breaks off here", findings);
            return null;
        }
        catch (DepthException deep)
        {
            findings.Add(Codes.TooDeep, deep.Position, string.Create(CultureInfo.InvariantCulture, $"Values are nested deeper than {Deepest} levels."), null);
            return null;
        }
    }

    private MappingNode? ReadDocument()
    {
        parser.MoveNext();
        parser.MoveNext();
        if (parser.Current is not DocumentStart)
        {
            findings.Add(Codes.Empty, new FilePosition(file, 0, 0), "The file is empty.", null);
            return null;
        }

        parser.MoveNext();
        Node? root = ReadNode(1);
        parser.MoveNext();
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart another)
            {
                findings.Add(Codes.SeveralDocuments, PositionOf(another), "A second document begins here; a file holds one.", "move it to a file of its own");
                break;
            }
        }

        switch (root)
        {
            case MappingNode mapping:
                return mapping;
            case ScalarNode { IsEmpty: true }:
                findings.Add(Codes.Empty, new FilePosition(file, 0, 0), "The file is empty.", null);
                return null;
            case null:
                return null;
            default:
                findings.Add(Codes.WrongKind, root.Position, "A file holds keys with values, not a list or a single value.", null);
                return null;
        }
    }

    // Leaves the parser on the node's last event.
    private Node? ReadNode(int depth)
    {
        ParsingEvent current = parser.Current!;
        FilePosition position = PositionOf(current);
        if (depth > Deepest)
        {
            throw new DepthException(position);
        }

        if (current is NodeEvent node)
        {
            RefuseAnchorsAndTags(node, position);
        }

        switch (current)
        {
            case Scalar scalar:
                return new ScalarNode(position, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return ReadSequence(position, depth);
            case MappingStart:
                return ReadMapping(position, depth);
            default:
                findings.Add(Codes.Anchor, position, "An alias (*) stands for a value that is written elsewhere; each file shows its values where they are used.", "write the value itself");
                return null;
        }
    }

    private SequenceNode ReadSequence(FilePosition position, int depth)
    {
        List<Node> items = [];
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return new SequenceNode(position, items);
    }

    private MappingNode ReadMapping(FilePosition position, int depth)
    {
        List<MappingEntry> entries = [];
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            Node? key = ReadNode(depth + 1);
            parser.MoveNext();
            Node? value = ReadNode(depth + 1);
            if (key is not ScalarNode name)
            {
                if (key is not null)
                {
                    findings.Add(Codes.WrongKind, key.Position, "A key is a single word, not a list or a mapping.", null);
                }

                continue;
            }

            if (First(entries, name.Text) is { } first)
            {
                findings.Add(Codes.DuplicateKey, name.Position,
                    string.Create(CultureInfo.InvariantCulture, $"The key '{Show.Text(name.Text)}' is written twice; the first is on line {first.Position.Line}."), "remove one of them");
                continue;
            }

            // A key without a value has no place of its own.
            entries.Add(new MappingEntry(name, value switch
            {
                null => new ScalarNode(name.Position, "", isPlain: false),
                ScalarNode { IsPlain: true, Text: "" } => new ScalarNode(name.Position, "", isPlain: true),
                _ => value,
            }));
        }

        return new MappingNode(position, entries);
    }

    private static ScalarNode? First(List<MappingEntry> entries, string key)
    {
        foreach (MappingEntry entry in entries)
        {
            if (entry.Key.Text == key)
            {
                return entry.Key;
            }
        }

        return null;
    }

    private void RefuseAnchorsAndTags(NodeEvent node, FilePosition position)
    {
        if (!node.Anchor.IsEmpty)
        {
            findings.Add(Codes.Anchor, position, "An anchor (&) names a value for use elsewhere; each file shows its values where they are used.", "remove it");
        }

        if (!node.Tag.IsEmpty)
        {
            findings.Add(Codes.Tag, position, "A tag (!) gives a value a type; the type of every value is known from its key.", "remove it");
        }
    }

    private static void AddSyntax(ConfigurationFile configuration, Mark mark, Mark end, string reason, FindingList findings)
    {
        var position = new FilePosition(configuration.Path, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
        if (TabBetween(configuration.Text, position.Line - 2, (int)Math.Max(end.Line, mark.Line) + 1) is { } tab)
        {
            findings.Add(Codes.Tab, position with { Line = tab.Line, Column = tab.Column }, "A tab is used to indent; YAML takes spaces.", "replace it by two spaces");
            return;
        }

        int details = reason.IndexOf("): ", StringComparison.Ordinal);
        reason = details >= 0 ? reason[(details + 3)..] : reason;
        findings.Add(Codes.Syntax, position, $"This is not YAML: {Show.Sentence(reason)}", "check indentation, quotes and brackets here and on the line before");
    }

    // Reading may stop a little before or after the tab.
    private static (int Line, int Column)? TabBetween(string text, int first, int last)
    {
        int line = 0;
        foreach (ReadOnlySpan<char> content in text.AsSpan().EnumerateLines())
        {
            line++;
            if (line > last)
            {
                break;
            }

            int tab = content.IndexOf('\t');
            if (line >= first && tab >= 0 && content[..tab].Trim(' ').IsEmpty)
            {
                return (line, tab + 1);
            }
        }

        return null;
    }

    // JSON may be indented by tabs. Inside its strings a tab cannot stand, so that each may be taken for a space.
    private static string WithoutTabs(string json) => json.Replace('\t', ' ');

    private FilePosition PositionOf(ParsingEvent current) => new(file, (int)current.Start.Line, (int)current.Start.Column);

    private sealed class DepthException(FilePosition position) : Exception
    {
        public FilePosition Position { get; } = position;
    }
}
