using CredSync.Core.Configuration;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The adapters that ship.</summary>
internal static class BuiltIn
{
    public static AdapterCatalogue Adapters { get; } = Create();

    private static AdapterCatalogue Create()
    {
        var builder = new Builder();
        builder.AddBuiltInSources().AddBuiltInIssuers();
        return new AdapterCatalogue(
            builder.Services.Select(s => s.ImplementationInstance).OfType<SourceAdapter>(),
            builder.Services.Select(s => s.ImplementationInstance).OfType<IssuerAdapter>());
    }

    private sealed class Builder : ICredSyncBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
