using System.Text.Json;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>Compares two JSON values member by member, and says where they differ.</summary>
internal sealed class JsonComparison(Func<string, bool> valueMayDiffer)
{
    private readonly List<string> _differences = [];

    public static IReadOnlyList<string> Differences(JsonElement expected, JsonElement actual, Func<string, bool> valueMayDiffer)
    {
        JsonComparison comparison = new(valueMayDiffer);
        comparison.Compare("$", expected, actual);
        return comparison._differences;
    }

    private void Compare(string path, JsonElement expected, JsonElement actual)
    {
        if (expected.ValueKind != actual.ValueKind)
        {
            Differ(path, expected, actual);
            return;
        }

        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Objects(path, expected, actual);
                break;
            case JsonValueKind.Array:
                Arrays(path, expected, actual);
                break;
            case JsonValueKind.Number when expected.GetDouble() != actual.GetDouble() && !valueMayDiffer(path):
            case JsonValueKind.String when expected.GetString() != actual.GetString() && !valueMayDiffer(path):
                Differ(path, expected, actual);
                break;
        }
    }

    private void Objects(string path, JsonElement expected, JsonElement actual)
    {
        string[] wanted = [.. expected.EnumerateObject().Select(member => member.Name)];
        string[] got = [.. actual.EnumerateObject().Select(member => member.Name)];
        if (!wanted.SequenceEqual(got))
        {
            _differences.Add($"{path}: members [{string.Join(' ', wanted.Except(got))}] missing, [{string.Join(' ', got.Except(wanted))}] too many, or in another order");
        }

        foreach (JsonProperty member in expected.EnumerateObject())
        {
            if (actual.TryGetProperty(member.Name, out JsonElement value))
            {
                Compare($"{path}.{member.Name}", member.Value, value);
            }
        }
    }

    private void Arrays(string path, JsonElement expected, JsonElement actual)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            _differences.Add($"{path}: {expected.GetArrayLength()} items expected, {actual.GetArrayLength()} found");
            return;
        }

        for (int i = 0; i < expected.GetArrayLength(); i++)
        {
            Compare($"{path}[{i}]", expected[i], actual[i]);
        }
    }

    private void Differ(string path, JsonElement expected, JsonElement actual) => _differences.Add($"{path}: {expected.GetRawText()} expected, {actual.GetRawText()} found");
}
