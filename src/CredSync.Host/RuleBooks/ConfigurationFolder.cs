using CredSync.Core.Configuration;

namespace CredSync.Host.RuleBooks;

/// <summary>A folder of configuration files, read whole; Core turns the texts into a snapshot.</summary>
internal sealed class ConfigurationFolder(string root, AdapterCatalogue adapters, SecretReader secrets, IReadOnlyDictionary<string, string> overrides)
{
    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>Reads everything now.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public ConfigurationResult Read() => ConfigurationReader.Read(ReadFiles(), adapters, secrets.Of, overrides);

    /// <summary>The texts of all YAML files below the folder, in path order, and of the people directory if people.yaml names one.</summary>
    public IReadOnlyList<ConfigurationFile> ReadFiles()
    {
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"There is no configuration folder '{root}'; name yours with --config, or start in the folder that has it.");
        }

        string[] paths =
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(f => IsConfiguration(f) && !IsElsewhere(Path.GetRelativePath(root, f)))
                .Order(StringComparer.Ordinal),
        ];

        // Waiting for many files is quicker side by side.
        List<ConfigurationFile> files = paths.Length < 50 ? [.. paths.Select(ReadFile)] : [.. paths.AsParallel().AsOrdered().Select(ReadFile)];
        if (ConfigurationReader.DirectoryPath(files, overrides) is { } people && Path.Combine(root, people) is var path && File.Exists(path))
        {
            files.Add(new ConfigurationFile(people, File.ReadAllText(path)));
        }

        return files;
    }

    // Dashboards and alert rules for other programs stand beside the configuration.
    private static bool IsElsewhere(string relative) => relative.Replace('\\', '/').StartsWith("observability/", StringComparison.Ordinal);

    private ConfigurationFile ReadFile(string path) => new(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText(path));

    // JSON is YAML; but appsettings.json is infrastructure and *.schema.json describes, neither is read here.
    private static bool IsConfiguration(string path)
    {
        string name = Path.GetFileName(path);
        return !name.StartsWith('.') && (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal)
            || (name.EndsWith(".json", StringComparison.Ordinal) && !name.StartsWith("appsettings", StringComparison.Ordinal) && !name.EndsWith(".schema.json", StringComparison.Ordinal)));
    }
}
