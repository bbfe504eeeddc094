using CredSync.Host.Issue;
using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Operations.Wallets;

/// <summary>The services behind the wallets' door.</summary>
internal static class WalletsRegistration
{
    public static IServiceCollection AddWallets(this IServiceCollection services)
    {
        services.AddSingleton<WalletDiscovery>();
        services.AddSingleton<WalletRegistration>();
        services.AddSingleton<WalletConsent>();
        services.AddSingleton<WalletTokens>();
        services.AddSingleton(sp => new WalletUploads(sp.GetRequiredService<WalletLedger>(), sp.GetRequiredService<IIssuerStore>(), sp.GetService<ICredentialVerifier>(), sp.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WalletCollection>();
        services.AddSingleton<WalletDoor>();
        return services;
    }
}
