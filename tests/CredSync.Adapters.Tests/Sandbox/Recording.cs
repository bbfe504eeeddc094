using System.Text.Json;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>A recorded call of a real Moodle.</summary>
internal sealed class Recording
{
    private Recording(string name, JsonElement file)
    {
        Name = name;
        JsonElement request = file.GetProperty("request");
        Method = request.GetProperty("method").GetString()!;
        Function = request.GetProperty("function").GetString();
        Format = request.GetProperty("format").GetString();
        Token = request.GetProperty("token").GetString()!;
        Parameters = request.GetProperty("params");
        JsonElement response = file.GetProperty("response");
        Status = response.GetProperty("status").GetInt32();
        ContentType = response.GetProperty("contentType").GetString()!;
        Body = response.GetProperty("body");
    }

    public static string Folder { get; } = FindFolder();

    public string Name { get; }

    public string Method { get; }

    public string? Function { get; }

    public string? Format { get; }

    public string Token { get; }

    public JsonElement Parameters { get; }

    public int Status { get; }

    public string ContentType { get; }

    public JsonElement Body { get; }

    public static Recording Read(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, name + ".json"));
        return new Recording(name, JsonDocument.Parse(file).RootElement);
    }

    public static IReadOnlyList<string> Names() =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The form, with nested parameters folded as PHP writes them.</summary>
    public List<KeyValuePair<string, string>> Form(string? token)
    {
        List<KeyValuePair<string, string>> form = [];
        if (token is not null)
        {
            form.Add(new("wstoken", token));
        }

        if (Function is not null)
        {
            form.Add(new("wsfunction", Function));
        }

        if (Format is not null)
        {
            form.Add(new("moodlewsrestformat", Format));
        }

        foreach (JsonProperty parameter in Parameters.EnumerateObject())
        {
            Fold(form, parameter.Name, parameter.Value);
        }

        return form;
    }

    private static void Fold(List<KeyValuePair<string, string>> form, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    Fold(form, $"{name}[{member.Name}]", member.Value);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Fold(form, $"{name}[{index++}]", item);
                }

                break;
            default:
                form.Add(new(name, value.ToString()));
                break;
        }
    }

    private static string FindFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "tests", "CredSync.Adapters.Tests", "Recordings", "Moodle");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        throw new DirectoryNotFoundException("The recordings stand in tests/CredSync.Adapters.Tests/Recordings/Moodle, which was not found above the tests.");
    }
}
