using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CredSync.Sources.Csv;

/// <summary>Registers the CSV source.</summary>
public static class CsvRegistration
{
    /// <summary>Adds the adapter <c>csv</c>: completions in CSV files.</summary>
    /// <param name="builder">The builder.</param>
    public static ICredSyncBuilder AddCsvSource(this ICredSyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder.AddSource<CsvSource, CsvOptions>("csv", "Completions in CSV files, in a folder or a single file.");
    }
}
