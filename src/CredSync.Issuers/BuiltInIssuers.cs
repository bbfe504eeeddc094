using CredSync.Issuers.Accredible;
using CredSync.Issuers.Badgr;
using CredSync.Issuers.Credly;
using CredSync.Issuers.Http;
using CredSync.Issuers.ObApi;
using CredSync.Issuers.OpenBadges;
using CredSync.Issuers.VcApi;
using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Issuers;

/// <summary>Registers every issuer adapter of this assembly.</summary>
public static class BuiltInIssuers
{
    /// <summary>Makes all built-in issuer adapters known.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static ICredSyncBuilder AddBuiltInIssuers(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // The one place that knows both who signs and who hands over what was signed.
        builder.Services.TryAddSingleton<LocalSigner>(services => (issuer, identity) => ActivatorUtilities.CreateInstance<OpenBadgesIssuer>(services, issuer, new OpenBadgesOptions
        {
            Name = identity.Name,
            Url = identity.Url,
            Did = identity.Did,
            Key = identity.Key,
            Proof = identity.Token ? OpenBadgesProof.Jwt : OpenBadgesProof.Embedded,
        }));
        return builder
            .AddOpenBadgesIssuer()
            .AddAccredibleIssuer()
            .AddBadgrIssuer()
            .AddCredlyIssuer()
            .AddObApiIssuer()
            .AddVcApiIssuer();
    }
}
