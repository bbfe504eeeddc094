using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Sources.Http;

/// <summary>Registers the HTTP client of a source adapter with the one policy.</summary>
internal static class SourceHttpRegistration
{
    /// <summary>Registers a named client.</summary>
    /// <param name="services">The services.</param>
    /// <param name="adapter">Name of the adapter; also the client's name.</param>
    public static IHttpClientBuilder AddSourceHttp(this IServiceCollection services, string adapter)
    {
        services.TryAddSingleton(new SourceHttpSettings());
        return services.AddPolicedHttp<SourceHttpSettings>(adapter);
    }
}
