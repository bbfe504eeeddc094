using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.ObApi;

/// <summary>Registers the issuer that hands over to a host with the Open Badges 3.0 API.</summary>
internal static class ObApiRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "ob-api";

    /// <summary>Makes <c>adapter: ob-api</c> known; <see cref="BuiltInIssuers.AddBuiltInIssuers"/> provides what signs.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    internal static ICredSyncBuilder AddObApiIssuer(this ICredSyncBuilder builder)
    {
        builder.Services.AddIssuerHttp(Adapter);
        return builder.AddIssuer<ObApiIssuer, ObApiOptions>(Adapter, "Signs Open Badges 3.0 with keys of your own and hands them to a host with the Open Badges API.", ObApiIssuer.Manifest);
    }
}
