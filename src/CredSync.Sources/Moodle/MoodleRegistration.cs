using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>Registers the Moodle source.</summary>
public static class MoodleRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "moodle";

    /// <summary>Adds the adapter <c>moodle</c>: course completions of a Moodle site through its REST web services.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddMoodleSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<MoodleSource, MoodleOptions>(Adapter, "Course completions of a Moodle site, through its REST web services.", WebhookTrust.Hint);
    }
}
