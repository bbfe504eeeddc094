using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Coursera;

/// <summary>Registers the Coursera source.</summary>
public static class CourseraRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    internal const string Adapter = "coursera";

    /// <summary>Adds the adapter <c>coursera</c>: completions from the enrolment reports of Coursera for Business.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddCourseraSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSourceHttp(Adapter);
        return builder.AddSource<CourseraSource, CourseraOptions>(Adapter, "Course and specialization completions of an organisation on Coursera for Business.", WebhookTrust.Fact);
    }
}
