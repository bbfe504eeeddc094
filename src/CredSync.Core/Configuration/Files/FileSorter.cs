namespace CredSync.Core.Configuration.Files;

/// <summary>Tells from a file's path what it holds.</summary>
internal static class FileSorter
{
    /// <summary>What a file holds; null when it is none that is read.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isExpected">Whether it is known not to be ours, so that nothing is to be said about it.</param>
    public static FileKind? KindOf(string path, out bool isExpected)
    {
        string[] parts = path.Split('/', '\\');
        string name = parts[^1];
        isExpected = name.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".schema.json", StringComparison.OrdinalIgnoreCase);
        if (isExpected || !(name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".json", StringComparison.Ordinal)))
        {
            return null;
        }

        return (parts.Length > 1 ? parts[^2] : "", Stem(path)) switch
        {
            ("sources", _) => FileKind.Source,
            ("issuers", _) => FileKind.Issuer,
            ("credentials", _) => FileKind.Credential,
            (_, "credsync") => FileKind.Credsync,
            (_, "people") => FileKind.People,
            _ => null,
        };
    }

    /// <summary>The file's name without folders and ending.</summary>
    public static string Stem(string path)
    {
        string name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        int dot = name.LastIndexOf('.');
        return dot > 0 ? name[..dot] : name;
    }
}
