namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>The parameters of a call, with <c>options[0][name]</c> unfolded as PHP does it.</summary>
internal sealed class ParameterNode
{
    public string? Text { get; private set; }

    public Dictionary<string, ParameterNode>? Members { get; private set; }

    public static ParameterNode Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ParameterNode root = new() { Members = new(StringComparer.Ordinal) };
        foreach ((string key, string value) in pairs)
        {
            root.Put(key, value);
        }

        return root;
    }

    private void Put(string key, string value)
    {
        int bracket = key.IndexOf('[', StringComparison.Ordinal);
        ParameterNode node = bracket <= 0 ? Child(key) : Child(key[..bracket]);
        while (bracket > 0)
        {
            int end = key.IndexOf(']', bracket);
            if (end < 0)
            {
                break;
            }

            string name = key[(bracket + 1)..end];
            node = node.Child(name.Length > 0 ? name : (node.Members?.Count ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture));
            bracket = end + 1 < key.Length && key[end + 1] == '[' ? end + 1 : -1;
        }

        node.Text = value;
    }

    private ParameterNode Child(string name)
    {
        Members ??= new(StringComparer.Ordinal);
        if (!Members.TryGetValue(name, out ParameterNode? child))
        {
            Members.Add(name, child = new ParameterNode());
        }

        return child;
    }
}
