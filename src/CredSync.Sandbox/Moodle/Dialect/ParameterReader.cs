using System.Globalization;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>Reads a function's parameters as strictly as Moodle: what is wrong, missing or not known is <c>invalidparameter</c>.</summary>
internal sealed class ParameterReader(ParameterNode node)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public int Integer(string name) => OptionalInteger(name) ?? throw Missing(name);

    public int Integer(string name, int absent) => OptionalInteger(name) ?? absent;

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string Text(string name, string absent) => OptionalText(name) ?? absent;

    public bool Flag(string name, bool absent) => OptionalText(name) switch
    {
        null => absent,
        "1" or "true" => true,
        "0" or "false" or "" => false,
        _ => throw MoodleError.InvalidParameter(name + " => Invalid parameter value detected"),
    };

    public IReadOnlyList<string> Texts(string name) =>
        [.. Children(name).Select(child => child.Text ?? throw MoodleError.InvalidParameter(name + " => Invalid parameter value detected"))];

    public IReadOnlyList<string> RequiredTexts(string name) => node.Members?.ContainsKey(name) == true ? Texts(name) : throw Missing(name);

    public IReadOnlyList<ParameterReader> Objects(string name) => [.. Children(name).Select(child => new ParameterReader(child))];

    public ParameterReader Object(string name)
    {
        _read.Add(name);
        return new ParameterReader(node.Members?.GetValueOrDefault(name) ?? new ParameterNode());
    }

    /// <summary>Refuses what was not asked for.</summary>
    public void Close()
    {
        if (node.Members?.Keys.FirstOrDefault(name => !_read.Contains(name)) is { } unknown)
        {
            throw MoodleError.InvalidParameter($"Unexpected keys ({unknown}) detected in parameter array.");
        }
    }

    private int? OptionalInteger(string name) => OptionalText(name) switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        _ => throw MoodleError.InvalidParameter(name + " => Invalid parameter value detected"),
    };

    private string? OptionalText(string name)
    {
        _read.Add(name);
        return node.Members?.GetValueOrDefault(name) switch
        {
            null => null,
            { Text: { } text } => text,
            _ => throw MoodleError.InvalidParameter("Only scalars accepted in " + name),
        };
    }

    private IEnumerable<ParameterNode> Children(string name)
    {
        _read.Add(name);
        return node.Members?.GetValueOrDefault(name) switch
        {
            null => [],
            { Members: { } members } => members.OrderBy(member => int.TryParse(member.Key, out int index) ? index : int.MaxValue).Select(member => member.Value),
            _ => throw MoodleError.InvalidParameter("Only arrays accepted. The bad value is: " + name),
        };
    }

    private static MoodleError Missing(string name) => MoodleError.InvalidParameter("Missing required key in single structure: " + name);
}
