using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.VcApi;

/// <summary>Registers the issuer that has credentials signed by a VC-API service.</summary>
internal static class VcApiRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "vc-api";

    /// <summary>Makes <c>adapter: vc-api</c> known; <see cref="BuiltInIssuers.AddBuiltInIssuers"/> provides what makes the credentials.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    internal static ICredSyncBuilder AddVcApiIssuer(this ICredSyncBuilder builder)
    {
        builder.Services.AddIssuerHttp(Adapter);
        return builder.AddIssuer<VcApiIssuer, VcApiOptions>(Adapter, "Has Open Badges 3.0 signed by a service with a VC-API, such as the DCC issuer coordinator.", VcApiIssuer.Manifest);
    }
}
