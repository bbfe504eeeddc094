using CredSync.Issuers.Credly;
using CredSync.Issuers.OpenBadges;
using CredSync.Registration;

namespace CredSync.Issuers;

/// <summary>Registers every issuer adapter of this assembly.</summary>
public static class BuiltInIssuers
{
    /// <summary>Makes all built-in issuer adapters known.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static ICredSyncBuilder AddBuiltInIssuers(this ICredSyncBuilder builder) => builder
        .AddOpenBadgesIssuer()
        .AddCredlyIssuer();
}
