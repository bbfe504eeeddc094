using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Registration;

/// <summary>What adapter registrations extend: <c>builder.AddMoodleSource()</c>.</summary>
public interface ICredSyncBuilder
{
    /// <summary>The services of the host under construction.</summary>
    IServiceCollection Services { get; }
}
