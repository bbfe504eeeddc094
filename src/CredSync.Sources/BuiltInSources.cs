using CredSync.Registration;
using CredSync.Sources.Coursera;
using CredSync.Sources.Csv;
using CredSync.Sources.Edx;
using CredSync.Sources.EdxBusiness;
using CredSync.Sources.HttpJson;
using CredSync.Sources.Moodle;
using CredSync.Sources.Xapi;

namespace CredSync.Sources;

/// <summary>The source adapters that come with CredSync.</summary>
public static class BuiltInSources
{
    /// <summary>Adds every source adapter that comes with CredSync.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddBuiltInSources(this ICredSyncBuilder builder) => builder
        .AddCourseraSource()
        .AddCsvSource()
        .AddEdxBusinessSource()
        .AddEdxSource()
        .AddHttpJsonSource()
        .AddMoodleSource()
        .AddXapiSource();
}
