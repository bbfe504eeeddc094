using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Issuers.Http;

/// <summary>Registers the HTTP client of an issuer adapter with the one policy.</summary>
internal static class IssuerHttpRegistration
{
    /// <summary>Registers a named client.</summary>
    /// <param name="services">The services.</param>
    /// <param name="adapter">Name of the adapter; also the client's name.</param>
    public static IHttpClientBuilder AddIssuerHttp(this IServiceCollection services, string adapter)
    {
        services.TryAddSingleton(new IssuerHttpSettings());
        return services.AddPolicedHttp<IssuerHttpSettings>(adapter);
    }
}
