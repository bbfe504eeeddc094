using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using CredSync.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host;

/// <summary>What a worker is built from.</summary>
internal sealed record WorkerSettings
{
    /// <summary>Folder of the configuration.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>Folder for the ledger, the journal, keys and badges.</summary>
    public required string DataFolder { get; init; }

    public Roles Roles { get; init; } = Roles.All;

    /// <summary>Settings that replace those of the files, by dotted path.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; init; } = new Dictionary<string, string>();

    /// <summary>Secret values by reference, for play platforms.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>Infrastructure settings that win over appsettings.json and the environment, such as <c>Operations:Address</c>.</summary>
    public IReadOnlyDictionary<string, string?> Infrastructure { get; init; } = new Dictionary<string, string?>();

    /// <summary>The clock; the demo's begins where its story ends.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether log lines go to the terminal (standard error).</summary>
    public bool LogToTerminal { get; init; } = true;
}

/// <summary>Builds worker processes: reads the configuration, then puts the rooms of the wanted roles into one host.</summary>
internal static class Worker
{
    /// <summary>Reads the configuration folder. Findings tell what is wrong; nothing is started.</summary>
    public static (ConfigurationFolder Folder, ConfigurationResult Result, SecretReader Secrets) ReadConfiguration(WorkerSettings settings, AdapterCatalogue adapters)
    {
        var secrets = new SecretReader(settings.Secrets);
        var folder = new ConfigurationFolder(settings.ConfigFolder, adapters, secrets, settings.Overrides);
        return (folder, folder.Read(), secrets);
    }

    /// <summary>The installed adapters.</summary>
    public static AdapterCatalogue Adapters(IServiceCollection services) =>
        new(services.Select(s => s.ImplementationInstance).OfType<Registration.SourceAdapter>(), services.Select(s => s.ImplementationInstance).OfType<Registration.IssuerAdapter>());

    /// <summary>Infrastructure settings: appsettings.json of the configuration folder, then the environment, then the command line.</summary>
    public static IConfigurationRoot Infrastructure(WorkerSettings settings)
    {
        var builder = new ConfigurationBuilder();
        AddInfrastructure(builder, settings);
        return builder.Build();
    }

    /// <summary>Builds a worker; the configuration must be good.</summary>
    public static IHost Build(WorkerSettings settings, Action<CredSyncBuilder> adapters, ConfigurationFolder folder, Configuration configuration, SecretReader secrets)
    {
        IHostApplicationBuilder builder = settings.Roles.HasFlag(Roles.Operations)
            ? WebApplication.CreateEmptyBuilder(new WebApplicationOptions())
            : Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        AddInfrastructure(builder.Configuration, settings);
        adapters(new CredSyncBuilder(builder.Services));
        builder
            .AddFoundation(settings, folder, configuration, secrets)
            .AddLogging(settings)
            .AddLedger(settings)
            .AddIntake(settings)
            .AddQueue(settings)
            .AddDispatch(settings)
            .AddIssue(settings)
            .AddOutcome(settings)
            .AddOperations(settings)
            .AddTelemetry(settings);
        return builder is WebApplicationBuilder web ? web.Build().MapOperations() : ((HostApplicationBuilder)builder).Build();
    }

    // Added source by source: a configuration put whole into another loses settings that are empty on purpose.
    private static void AddInfrastructure(IConfigurationBuilder builder, WorkerSettings settings) => builder
        .AddJsonFile(Path.GetFullPath(Path.Combine(settings.ConfigFolder, "appsettings.json")), optional: true)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(settings.Infrastructure);
}
