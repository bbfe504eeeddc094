using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Badgr;

/// <summary>Registers the issuer for the Badgr API v2.</summary>
public static class BadgrRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "badgr";

    /// <summary>Makes <c>adapter: badgr</c> known.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddBadgrIssuer(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddIssuerHttp(Adapter);
        return builder.AddIssuer<BadgrIssuer, BadgrOptions>(Adapter, "Awards badge classes of Parchment Digital Badges, Canvas Credentials or another server with the Badgr API v2.", BadgrIssuer.Manifest);
    }
}
