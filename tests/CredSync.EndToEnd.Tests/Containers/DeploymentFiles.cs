using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace CredSync.EndToEnd.Tests.Containers;

/// <summary>The files that the project is deployed with, read from the source tree.</summary>
internal static class DeploymentFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>The services of docker-compose.yml, with merged parts in their places.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<object, object?>> Services()
    {
        using var text = new StringReader(File.ReadAllText(Path.Combine(Root, "docker-compose.yml")));
        var parser = new MergingParser(new Parser(text));
        parser.Consume<StreamStart>();
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>>(parser)!;
        return ((IDictionary<object, object?>)file["services"]!).ToDictionary(
            service => (string)service.Key,
            service => (IReadOnlyDictionary<object, object?>)(Dictionary<object, object?>)service.Value!);
    }

    /// <summary>The instructions of the Dockerfile, continued lines joined, comments left out.</summary>
    public static IReadOnlyList<string> DockerInstructions() =>
        [.. File.ReadAllText(Path.Combine(Root, "Dockerfile"))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CredSync.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the folder of CredSync.sln.");
        }

        return folder.FullName;
    }
}
