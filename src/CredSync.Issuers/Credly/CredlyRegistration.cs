using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Credly;

/// <summary>Registers the Credly issuer.</summary>
public static class CredlyRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "credly";

    /// <summary>Makes <c>adapter: credly</c> known.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddCredlyIssuer(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddIssuerHttp(Adapter);
        return builder.AddIssuer<CredlyIssuer, CredlyOptions>(Adapter, "Awards badges of a Credly organization.", CredlyIssuer.Manifest);
    }
}
