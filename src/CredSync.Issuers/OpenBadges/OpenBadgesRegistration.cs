using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Registers the built-in Open Badges issuer.</summary>
public static class OpenBadgesRegistration
{
    /// <summary>Makes <c>adapter: open-badges</c> known, a verifier of Open Badges that knows the issuers configured with it, and one of Ed25519 signatures on deliveries.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddOpenBadgesIssuer(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<OpenBadgesKeyRing>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ICredentialVerifier, OpenBadgesVerifier>();
        builder.Services.TryAddSingleton<IEd25519Verifier, OpenBadgesSignatures>();
        return builder.AddIssuer<OpenBadgesIssuer, OpenBadgesOptions>("open-badges", "Signs Open Badges 3.0 with keys of your own.", OpenBadgesIssuer.Manifest);
    }
}
