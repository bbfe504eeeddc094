using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Configuration.Files;

/// <summary>Puts values from outside the files into their place: <c>sources.moodle-hr.address</c>, <c>credsync.organisation.name</c>.</summary>
internal static class Overrides
{
    public const string File = "override";

    /// <summary>Applies overrides to the files read.</summary>
    public static void Apply(IReadOnlyDictionary<string, string> overrides, IReadOnlyList<ReadFile> files, FindingList findings)
    {
        int line = 0;
        foreach ((string path, string value) in overrides.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            var position = new FilePosition($"{File} {path}", ++line, 1);
            string[] parts = path.Split('.');
            if (Target(parts, files, out int used) is not { } mapping || used >= parts.Length || parts.Any(p => p.Length == 0))
            {
                findings.Add(Codes.UnknownOverride, position, $"There is nothing to override at '{Show.Text(path)}'.", Suggestion(parts, files));
                continue;
            }

            Put(mapping, parts[used..], value, position, findings);
        }
    }

    private static MappingNode? Target(string[] parts, IReadOnlyList<ReadFile> files, out int used)
    {
        FileKind? kind = KindOf(parts[0]);
        bool isNamed = kind is FileKind.Source or FileKind.Issuer or FileKind.Credential;
        used = isNamed ? 2 : 1;
        return files.FirstOrDefault(f => f.Kind == kind && (!isNamed || (parts.Length > 1 && f.Name == parts[1])))?.Root;
    }

    private static void Put(MappingNode mapping, string[] keys, string value, FilePosition position, FindingList findings)
    {
        for (int i = 0; i < keys.Length - 1; i++)
        {
            if (mapping.Find(keys[i]) is not { } below)
            {
                below = new MappingNode(position, []);
                mapping.Set(new ScalarNode(position, keys[i], isPlain: false), below);
            }

            if (below is not MappingNode inner)
            {
                findings.Add(Codes.UnknownOverride, position, $"'{Show.Text(keys[i])}' has no keys below it.", null);
                return;
            }

            mapping = inner;
        }

        // Lists and mappings are written as in a file: [a, b] and { a: b }.
        Node node = new ScalarNode(position, value, isPlain: true) { IsOverride = true };
        if (value.Length > 1 && value[0] is '[' or '{'
            && YamlReader.Read(new ConfigurationFile(position.File, $"value: {value}"), findings)?.Find("value") is { } parsed)
        {
            node = parsed;
        }

        mapping.Set(new ScalarNode(position, keys[^1], isPlain: false), node);
    }

    private static string? Suggestion(string[] parts, IReadOnlyList<ReadFile> files)
    {
        if (KindOf(parts[0]) is not { } kind)
        {
            return Suggest.DidYouMean(parts[0], ["sources", "issuers", "credentials", "credsync", "people"]) ?? "begin with sources, issuers, credentials, credsync or people";
        }

        return parts.Length > 1 ? Suggest.DidYouMean(parts[1], files.Where(f => f.Kind == kind).Select(f => f.Name).OfType<string>()) : null;
    }

    private static FileKind? KindOf(string word) => word switch
    {
        "sources" => FileKind.Source,
        "issuers" => FileKind.Issuer,
        "credentials" => FileKind.Credential,
        "credsync" => FileKind.Credsync,
        "people" => FileKind.People,
        _ => null,
    };
}
