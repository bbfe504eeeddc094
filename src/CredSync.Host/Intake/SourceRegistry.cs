using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>The configured sources by name.</summary>
internal sealed class SourceRegistry(IReadOnlyDictionary<string, ICompletionSource> sources)
{
    /// <summary>All sources.</summary>
    public IReadOnlyDictionary<string, ICompletionSource> All => sources;

    /// <summary>A source by name.</summary>
    /// <exception cref="SourceException">None is configured under this name.</exception>
    public ICompletionSource Find(string name) => sources.TryGetValue(name, out ICompletionSource? source)
        ? source
        : throw new SourceException(FaultKind.Misconfigured, $"No source is called '{name}'; the configured ones are: {string.Join(", ", sources.Keys.Order(StringComparer.Ordinal))}.");
}
