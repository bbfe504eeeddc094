using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.HttpJson;

/// <summary>Registers the source for any JSON API.</summary>
public static class HttpJsonRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "http-json";

    /// <summary>Adds the adapter <c>http-json</c>: completions from any JSON API, described by settings alone.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddHttpJsonSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<HttpJsonSource, HttpJsonOptions>(Adapter, "Completions from any JSON API, described by settings alone.", givesScore: static options => options.Fields.ContainsKey("score"));
    }
}
