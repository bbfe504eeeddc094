using CredSync.Core.Configuration.Shapes;
using CredSync.Registration;

namespace CredSync.Core.Configuration;

/// <summary>The installed adapters and what each can be told.</summary>
public sealed class AdapterCatalogue
{
    private readonly Dictionary<string, OptionsShape> sourceOptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OptionsShape> issuerOptions = new(StringComparer.Ordinal);

    /// <summary>Makes a catalogue.</summary>
    /// <param name="sources">The source adapters.</param>
    /// <param name="issuers">The issuer adapters.</param>
    /// <exception cref="InvalidOperationException">
    /// An options class cannot be described: a setting's type is not one that configuration knows, it cannot be set, or its key is taken.
    /// </exception>
    public AdapterCatalogue(IEnumerable<SourceAdapter> sources, IEnumerable<IssuerAdapter> issuers)
    {
        Sources = [.. sources.OrderBy(a => a.Name, StringComparer.Ordinal)];
        Issuers = [.. issuers.OrderBy(a => a.Name, StringComparer.Ordinal)];
        foreach (SourceAdapter adapter in Sources)
        {
            sourceOptions.Add(adapter.Name, OptionsShape.Of(adapter.Name, adapter.OptionsType, Files.SourceShape.CommonKeys));
        }

        foreach (IssuerAdapter adapter in Issuers)
        {
            issuerOptions.Add(adapter.Name, OptionsShape.Of(adapter.Name, adapter.OptionsType, Files.IssuerShape.CommonKeys));
        }
    }

    /// <summary>The source adapters, by name.</summary>
    public IReadOnlyList<SourceAdapter> Sources { get; }

    /// <summary>The issuer adapters, by name.</summary>
    public IReadOnlyList<IssuerAdapter> Issuers { get; }

    internal OptionsShape? SourceOptions(string adapter) => sourceOptions.GetValueOrDefault(adapter);

    internal OptionsShape? IssuerOptions(string adapter) => issuerOptions.GetValueOrDefault(adapter);
}
