using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.EdxBusiness;

/// <summary>Registers the source for edX for Business.</summary>
public static class EdxBusinessRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "edx-business";

    /// <summary>Adds the adapter <c>edx-business</c>: passes from the enrolment reports of edX for Business.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddEdxBusinessSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<EdxBusinessSource, EdxBusinessOptions>(Adapter, "Passes of an enterprise's learners on edX, from the enrolment reports of edX for Business.");
    }
}
