using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Tests;

/// <summary>The files beside this one, as bytes on disk; see the README there for their origins and licences.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Locate();

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static JsonObject Json(string name) => JsonNode.Parse(Bytes(name))!.AsObject();

    public static bool Exist(string name) => File.Exists(Path.Combine(Folder, name));

    // Deterministic builds rewrite source paths, so the tests' own folder is also looked for above the binaries.
    private static string Locate([CallerFilePath] string source = "")
    {
        string? beside = Path.GetDirectoryName(source);
        if (Directory.Exists(beside)) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "vectors");
            if (Directory.Exists(Path.Combine(candidate, "generated"))) return candidate;
        }

        throw new DirectoryNotFoundException("The test vectors are not beside the tests.");
    }
}
