using CredSync.Host.Operations.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Commands;

/// <summary>The one-time link that lets the person who started a worker into its screens.</summary>
internal static class SignInLink
{
    /// <summary>Makes it; null where there are no screens, or where people sign in by OpenID Connect.</summary>
    public static string? Make(IHost host, WorkerSettings settings)
    {
        string? address = host.Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        OperationsOptions? options = host.Services.GetService<IOptions<OperationsOptions>>()?.Value;
        return address is null || options?.OpenId is { Authority.Length: > 0 } || !settings.Roles.HasFlag(Roles.Operations)
            ? null
            : host.Services.GetRequiredService<OneTimeLinks>().Renew(address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }
}
