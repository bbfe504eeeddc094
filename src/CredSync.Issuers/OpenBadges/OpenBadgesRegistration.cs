using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Registers the built-in Open Badges issuer.</summary>
public static class OpenBadgesRegistration
{
    /// <summary>Makes <c>adapter: open-badges</c> known, and a verifier of Open Badges that knows the issuers configured with it.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddOpenBadgesIssuer(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<OpenBadgesKeyRing>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ICredentialVerifier, OpenBadgesVerifier>();
        return builder.AddIssuer<OpenBadgesIssuer, OpenBadgesOptions>("open-badges", "Signs Open Badges 3.0 with keys of your own.", OpenBadgesIssuer.Manifest);
    }
}
