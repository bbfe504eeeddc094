using CredSync.Issuers;
using CredSync.Issuers.Http;
using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Adapters.Tests.Issuers;

/// <summary>Builds one issuer as the host does, with waits of milliseconds and, if wanted, a handler instead of the network.</summary>
internal sealed class IssuerBench : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public IssuerBench(HttpMessageHandler? platform = null, TimeProvider? time = null, IssuerHttpSettings? settings = null)
    {
        ServiceCollection collection = new();
        collection.AddSingleton(settings ?? Fast);
        collection.AddSingleton(time ?? TimeProvider.System);
        new Builder(collection).AddBuiltInIssuers();
        if (platform is not null)
        {
            foreach (IssuerAdapter adapter in collection.Select(s => s.ImplementationInstance).OfType<IssuerAdapter>().ToList())
            {
                collection.AddHttpClient(adapter.Name).ConfigurePrimaryHttpMessageHandler(() => platform);
            }
        }

        services = collection.BuildServiceProvider();
    }

    public static IssuerHttpSettings Fast { get; } = new() { FirstWait = TimeSpan.FromMilliseconds(1), BreakAfter = 1000, TryTimeout = TimeSpan.FromSeconds(20) };

    public IReadOnlyList<IssuerAdapter> Adapters => [.. services.GetServices<IssuerAdapter>()];

    public ICredentialIssuer Create(string adapter, object options, string name = "test-issuer", string dataFolder = "data") =>
        Adapters.Single(a => a.Name == adapter).Create(services, new IssuerIdentity(name, dataFolder), options);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;
}
