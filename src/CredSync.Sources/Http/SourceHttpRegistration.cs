using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Sources.Http;

/// <summary>Registers the HTTP client of an adapter with the one policy that all sources share.</summary>
internal static class SourceHttpRegistration
{
    /// <summary>Registers a named client. The outermost handler comes first: cancellation, policy, then what belongs to a single try.</summary>
    /// <param name="services">The services.</param>
    /// <param name="adapter">Name of the adapter; also the client's name.</param>
    public static IHttpClientBuilder AddSourceHttp(this IServiceCollection services, string adapter)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new SourceHttpSettings());
        services.TryAddSingleton<SourceResilience>();
        services.TryAddTransient<CancellationHandler>();
        services.TryAddTransient<WholeAnswerHandler>();
        return services.AddHttpClient(adapter, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // The factory's own loggers write whole addresses, and those may name people.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // A followed redirect would turn POST into GET and carry the token to an address that nobody configured.
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectTimeout = TimeSpan.FromSeconds(15),
                UseCookies = false,
            })
            .AddHttpMessageHandler<CancellationHandler>()
            .AddPolicyHandler((provider, request) => provider.GetRequiredService<SourceResilience>().PolicyFor(request))
            .AddHttpMessageHandler<WholeAnswerHandler>();
    }
}
