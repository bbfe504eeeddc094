using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Adapters.Tests.Golden;

/// <summary>Compares what a mapping gives with the stored expectation, and stores it when asked to.</summary>
internal static class GoldenFiles
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Names of the cases of a source.</summary>
    public static IEnumerable<string> Cases(string source) =>
        Directory.EnumerateFiles(Path.Combine(Folder(), source, "raw")).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal);

    /// <summary>The raw text of a case.</summary>
    public static string Raw(string source, string name) => File.ReadAllText(
        Directory.EnumerateFiles(Path.Combine(Folder(), source, "raw"), name + ".*").Single());

    /// <summary>Compares a value with the stored expectation.</summary>
    public static void ShouldMatch(string source, string name, object value)
    {
        string actual = JsonSerializer.Serialize(value, Written) + "\n";
        string file = Path.Combine(Folder(), source, "expected", name + ".json");
        if (Environment.GetEnvironmentVariable("CREDSYNC_ACCEPT_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        File.Exists(file).ShouldBeTrue($"no expectation for {source}/{name}; see Golden/README.md. It is now:\n{actual}");
        actual.ShouldBe(File.ReadAllText(file), $"{source}/{name} changed; to accept it see Golden/README.md. It is now:\n{actual}");
    }

    // Read from the source tree, so that accepting writes where version control sees it.
    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
