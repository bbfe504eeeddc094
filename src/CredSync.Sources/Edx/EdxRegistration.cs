using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Edx;

/// <summary>Registers the Open edX source.</summary>
public static class EdxRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "edx";

    /// <summary>Adds the adapter <c>edx</c>: certificates and grades of an Open edX site.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddEdxSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<EdxSource, EdxOptions>(Adapter, "Certificates and grades of an Open edX site.", WebhookTrust.Hint, givesEmail: static options => options.Accounts);
    }
}
