using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Xapi;

/// <summary>Registers the source for learning record stores.</summary>
public static class XapiRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "xapi";

    /// <summary>Adds the adapter <c>xapi</c>: completions of courses among the statements of a learning record store, polled or pushed.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddXapiSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<XapiSource, XapiOptions>(Adapter, "Completions of courses among the statements of a learning record store, polled or pushed.", WebhookTrust.Fact);
    }
}
