namespace CredSync.Core.Configuration.Yaml;

/// <summary>A value in a configuration file, with its place.</summary>
internal abstract class Node(FilePosition position)
{
    public FilePosition Position { get; } = position;
}

/// <summary>A single value. All are text here; what is expected in their place says what they mean.</summary>
internal sealed class ScalarNode(FilePosition position, string text, bool isPlain) : Node(position)
{
    public string Text { get; } = text;

    /// <summary>Written without quotes, so that other YAML readers would guess a type.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Given from outside the files, where nothing can be quoted.</summary>
    public bool IsOverride { get; init; }

    public bool IsEmpty => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL" && IsPlain;
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(FilePosition position, List<Node> items) : Node(position)
{
    public List<Node> Items { get; } = items;
}

/// <summary>Keys with values, in the order in which they are written.</summary>
internal sealed class MappingNode(FilePosition position, List<MappingEntry> entries) : Node(position)
{
    public List<MappingEntry> Entries { get; } = entries;

    public Node? Find(string key)
    {
        foreach (MappingEntry entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry.Value;
            }
        }

        return null;
    }

    public MappingNode? Mapping(string key) => Find(key) as MappingNode;

    public SequenceNode? Sequence(string key) => Find(key) as SequenceNode;

    /// <summary>A single value that is there and not empty.</summary>
    public ScalarNode? Scalar(string key) => Find(key) is ScalarNode { IsEmpty: false } scalar ? scalar : null;

    public string? Text(string key) => Scalar(key)?.Text;

    /// <summary>The place of a value, else that of the mapping.</summary>
    public FilePosition PositionOf(string key) => Find(key)?.Position ?? Position;

    public void Set(ScalarNode key, Node value)
    {
        int at = Entries.FindIndex(e => e.Key.Text == key.Text);
        if (at >= 0)
        {
            Entries[at] = Entries[at] with { Value = value };
        }
        else
        {
            Entries.Add(new MappingEntry(key, value));
        }
    }
}

internal readonly record struct MappingEntry(ScalarNode Key, Node Value);
