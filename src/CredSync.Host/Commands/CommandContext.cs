using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary>What every command starts from: the adapters of this executable, and the way from settings to a built host.</summary>
internal sealed class CommandContext(Action<CredSyncBuilder> adapters)
{
    /// <summary>The installed adapters.</summary>
    public AdapterCatalogue Catalogue
    {
        get
        {
            var services = new ServiceCollection();
            adapters(new CredSyncBuilder(services));
            return Worker.Adapters(services);
        }
    }

    /// <summary>The play platforms of this executable; null when it has none.</summary>
    public PlayWorldFactory? PlayWorld
    {
        get
        {
            var builder = new CredSyncBuilder(new ServiceCollection());
            adapters(builder);
            return builder.PlayWorld;
        }
    }

    /// <summary>Builds a worker; prints every finding and gives null when the configuration is not good.</summary>
    public IHost? TryBuild(WorkerSettings settings, Output output)
    {
        (ConfigurationFolder folder, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, Catalogue);
        if (result.Configuration is null)
        {
            Findings.Draw(output.Remarks, result.Findings);
            output.Error($"The configuration in '{settings.ConfigFolder}' is not good; nothing was started.");
            return null;
        }

        return Worker.Build(settings, adapters, folder, result.Configuration, secrets);
    }

    /// <summary>Builds a worker; null, without a word, when the configuration is not good.</summary>
    public IHost? TryBuildQuietly(WorkerSettings settings)
    {
        (ConfigurationFolder folder, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, Catalogue);
        return result.Configuration is null ? null : Worker.Build(settings, adapters, folder, result.Configuration, secrets);
    }

    /// <summary>A host with the ledger and no sources, issuers or rules: for commands that only look, and that must work while the configuration is being mended.</summary>
    public IHost BuildReader(WorkerSettings settings)
    {
        var nothing = new Configuration
        {
            Organisation = new Organisation("", "UTC", Guid.Empty),
            People = Core.People.PeoplePolicy.Default,
            Defaults = new Defaults(),
            Sources = [],
            Issuers = [],
            RuleBook = Core.Rules.RuleBook.Empty,
            Tests = [],
        };
        var secrets = new SecretReader(settings.Secrets);
        WorkerSettings quiet = settings with { Roles = Roles.None, LogToTerminal = false };
        return Worker.Build(quiet, adapters, new ConfigurationFolder(settings.ConfigFolder, Catalogue, secrets, settings.Overrides), nothing, secrets);
    }

    /// <summary>Services of the adapters alone, without databases and queue: for commands that only need a verifier or a list of adapters.</summary>
    public ServiceProvider BuildAdapters()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        adapters(new CredSyncBuilder(services));
        return services.BuildServiceProvider();
    }
}
