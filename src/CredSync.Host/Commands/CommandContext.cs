using CredSync.Core.Configuration;
using CredSync.Host.PlugIns;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary>What every command starts from: the adapters of this executable, and the way from settings to a built host.</summary>
internal sealed class CommandContext(Action<CredSyncBuilder> adapters)
{
    private readonly ListedPlugIns plugIns = new();

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

    /// <summary>The installed adapters: this executable's and those of the plug-ins that configuration lists.</summary>
    /// <exception cref="PlugInException">A plug-in cannot be used.</exception>
    public AdapterCatalogue Catalogue(WorkerSettings settings) => Catalogue(Installed(settings));

    /// <summary>Adds this executable's adapters and those of the plug-ins that configuration lists.</summary>
    public Action<CredSyncBuilder> Installed(WorkerSettings settings) => builder =>
    {
        adapters(builder);
        plugIns.Register(builder, settings);
    };

    /// <summary>Builds a worker; prints every finding and gives null when the configuration is not good.</summary>
    public IHost? TryBuild(WorkerSettings settings, Output output)
    {
        (ConfigurationFolder folder, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, Catalogue(settings));
        if (result.Configuration is null)
        {
            Findings.Draw(output.Remarks, result.Findings);
            output.Error($"The configuration in '{settings.ConfigFolder}' is not good; nothing was started.");
            return null;
        }

        return Worker.Build(settings, Installed(settings), folder, result.Configuration, secrets);
    }

    /// <summary>A bench for one configured source; prints every finding and gives null when the configuration is not good.</summary>
    /// <exception cref="UsageException">No source has this name.</exception>
    public AdapterBench? TryBench(WorkerSettings settings, string name, Output output)
    {
        (_, ConfigurationResult result, _) = Worker.ReadConfiguration(settings, Catalogue(settings));
        if (result.Configuration is not { } configuration)
        {
            Findings.Draw(output.Remarks, result.Findings);
            output.Error($"The configuration in '{settings.ConfigFolder}' is not good; nothing was started.");
            return null;
        }

        SourceDefinition source = configuration.Sources.FirstOrDefault(s => s.Name == name)
            ?? throw new UsageException(configuration.Issuers.Any(i => i.Name == name)
                ? $"'{name}' is an issuer, and an issuer cannot be tried without awarding something: run the kit in its tests."
                : $"No source is called '{name}'; there are: {string.Join(", ", configuration.Sources.Select(s => s.Name))}.");
        return new AdapterBench(source, also => BuildAdapters(Installed(settings), also));
    }

    /// <summary>Builds a worker; null, without a word, when the configuration is not good.</summary>
    public IHost? TryBuildQuietly(WorkerSettings settings)
    {
        (ConfigurationFolder folder, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, Catalogue(settings));
        return result.Configuration is null ? null : Worker.Build(settings, Installed(settings), folder, result.Configuration, secrets);
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
        return Worker.Build(quiet, adapters, new ConfigurationFolder(settings.ConfigFolder, Catalogue(adapters), secrets, settings.Overrides), nothing, secrets);
    }

    /// <summary>Services of the adapters alone, without databases and queue: for commands that only need a verifier or a list of adapters.</summary>
    public ServiceProvider BuildAdapters() => BuildAdapters(adapters, _ => { });

    private static ServiceProvider BuildAdapters(Action<CredSyncBuilder> installed, Action<IServiceCollection> also)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        installed(new CredSyncBuilder(services));
        also(services);
        return services.BuildServiceProvider();
    }

    private static AdapterCatalogue Catalogue(Action<CredSyncBuilder> installed)
    {
        var services = new ServiceCollection();
        installed(new CredSyncBuilder(services));
        try
        {
            return Worker.Adapters(services);
        }
        catch (InvalidOperationException e)
        {
            throw new PlugInException($"An adapter cannot be described: {e.Message}", e);
        }
    }
}
