using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Accredible;

/// <summary>Registers the Accredible issuer.</summary>
public static class AccredibleRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "accredible";

    /// <summary>Makes <c>adapter: accredible</c> known.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddAccredibleIssuer(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddIssuerHttp(Adapter);
        return builder.AddIssuer<AccredibleIssuer, AccredibleOptions>(Adapter, "Creates credentials in groups of an Accredible account.", AccredibleIssuer.Manifest);
    }
}
