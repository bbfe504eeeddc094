using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Configuration.Files;

/// <summary>What a file holds.</summary>
internal enum FileKind
{
    Credsync,
    People,
    Source,
    Issuer,
    Credential,
}

/// <summary>A file that could be read, with its mapping.</summary>
internal sealed record ReadFile(FileKind Kind, ConfigurationFile File, MappingNode Root)
{
    /// <summary>The name it gives to what it holds; null when it gives none.</summary>
    public string? Name => Kind switch
    {
        FileKind.Source => Root.Text("source"),
        FileKind.Issuer => Root.Text("issuer"),
        FileKind.Credential => Root.Text("credential"),
        _ => null,
    };

    public string NameKey => Kind switch { FileKind.Source => "source", FileKind.Issuer => "issuer", _ => "credential" };
}

/// <summary>The names that files give and other files use.</summary>
internal sealed class NameTable
{
    public HashSet<string> Sources { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Issuers { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Credentials { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the sources that tell no scores as they are configured.</summary>
    public HashSet<string> WithoutScores { get; } = new(StringComparer.Ordinal);

    /// <summary>Tags with the sources that give them.</summary>
    public Dictionary<string, HashSet<string>> Tags { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Of(FileKind kind) => kind switch { FileKind.Source => Sources, FileKind.Issuer => Issuers, _ => Credentials };

    /// <summary>Reports a name that no file gives.</summary>
    public void Require(FileKind kind, ScalarNode name, FindingList findings)
    {
        HashSet<string> known = Of(kind);
        if (known.Contains(name.Text))
        {
            return;
        }

        (FindingCode code, string what) = kind switch
        {
            FileKind.Source => (Codes.UnknownSource, "source"),
            FileKind.Issuer => (Codes.UnknownIssuer, "issuer"),
            _ => (Codes.UnknownCredential, "credential"),
        };
        findings.Add(code, name.Position, $"There is no {what} '{Show.Text(name.Text)}'.",
            Suggest.DidYouMean(name.Text, known) ?? (known.Count is > 0 and <= 8 ? $"there is {Show.And([.. known.Order(StringComparer.Ordinal)])}" : null));
    }
}
