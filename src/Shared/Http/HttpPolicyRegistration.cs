using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Shared.Http;

/// <summary>Registers the HTTP client of an adapter with the one policy.</summary>
internal static class HttpPolicyRegistration
{
    /// <summary>Registers a named client. The outermost handler comes first: cancellation, policy, then what belongs to a single try.</summary>
    /// <param name="services">The services, with <typeparamref name="TSettings"/> among them.</param>
    /// <param name="adapter">Name of the adapter; also the client's name.</param>
    /// <typeparam name="TSettings">The values of the policy.</typeparam>
    public static IHttpClientBuilder AddPolicedHttp<TSettings>(this IServiceCollection services, string adapter)
        where TSettings : class, IHttpSettings
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHttpSettings>(provider => provider.GetRequiredService<TSettings>());
        services.TryAddSingleton<HttpPolicy>();
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
            .AddPolicyHandler((provider, request) => provider.GetRequiredService<HttpPolicy>().PolicyFor(request))
            .AddHttpMessageHandler<WholeAnswerHandler>();
    }
}
