using System.Runtime.CompilerServices;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Core.Configuration;
using CredSync.Registration;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.Northwind;
using CredSync.Sources;
using CredSync.Sources.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace CredSync.Architecture.Tests;

/// <summary>The sources that come with CredSync pass the kit as an outsider's would: registered and configured as by everyone, without access to anything that is not public.</summary>
public sealed class OwnAdaptersTests : IAsyncLifetime
{
    private readonly string records = Directory.CreateTempSubdirectory("credsync-own-adapters-").FullName;
    private SandboxServer? server;
    private NorthwindCompany? company;

    public static TheoryData<string> Sources => [.. Directory.EnumerateFiles(Path.Combine(Root(), "config", "sources"), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        company = NorthwindCompany.Create(1, records);
        company.PlayAll();
        server = await SandboxServer.StartAsync([.. company.Platforms], null, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        Directory.Delete(records, recursive: true);
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task A_source_of_the_shipped_configuration_passes_the_kit(string name)
    {
        SourceDefinition source = Configured().Single(s => s.Name == name);
        List<ServiceProvider> providers = [];
        bool http = source.Adapter != "csv";
        SourceUnderTest tested = new()
        {
            Name = name,
            Create = platform => Create(source, platform, providers),
            Platform = static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false },
            Holds = [],
            OptionsType = source.Options.GetType(),
            Secrets = [.. Secrets().Values],
            SpeaksHttp = http,
            FaultPositions = 2,
        };
        tested = tested with { Holds = await KeysAsync(tested) };
        List<string> failed = [];
        foreach (ConformanceCase conformance in SourceConformance.For(tested))
        {
            try
            {
                await conformance.RunAsync(Ct);
            }
            catch (ConformanceException e)
            {
                failed.Add($"{conformance.Name}: {e.Message}");
            }
        }

        failed.ShouldBeEmpty();
        foreach (ServiceProvider provider in providers)
        {
            await provider.DisposeAsync();
        }
    }

    private static ICompletionSource Create(SourceDefinition source, HttpMessageHandler platform, List<ServiceProvider> providers)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new SourceHttpSettings { FirstWait = TimeSpan.FromMilliseconds(1), BreakAfter = 1000 });
        new Builder(services).AddBuiltInSources();
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Before(platform));
        ServiceProvider provider = services.BuildServiceProvider();
        providers.Add(provider);
        return provider.GetServices<SourceAdapter>().Single(a => a.Name == source.Adapter).Create(provider, new SourceIdentity(source.Name), source.Options);
    }

    private static async Task<IReadOnlyCollection<string>> KeysAsync(SourceUnderTest tested)
    {
        HashSet<string> keys = [];
        await foreach (SourcePage page in tested.Create(tested.Platform()).ReadAsync(new SourceRead { Known = new Nothing() }, Ct))
        {
            keys.UnionWith(page.Completions.Select(c => c.Key.NaturalKey));
        }

        return keys;
    }

    private IReadOnlyList<SourceDefinition> Configured()
    {
        ServiceCollection services = new();
        new Builder(services).AddBuiltInSources();
        CredSync.Issuers.BuiltInIssuers.AddBuiltInIssuers(new Builder(services));
        AdapterCatalogue catalogue = new(services.Select(s => s.ImplementationInstance).OfType<SourceAdapter>(), services.Select(s => s.ImplementationInstance).OfType<IssuerAdapter>());
        string config = Path.Combine(Root(), "config");
        ConfigurationFile[] files = [.. Directory.EnumerateFiles(config, "*.yaml", SearchOption.AllDirectories).Where(f => !f.Contains("observability", StringComparison.Ordinal)).Select(f => new ConfigurationFile(Path.GetRelativePath(config, f), File.ReadAllText(f)))];
        Dictionary<string, string> overrides = new()
        {
            ["sources.moodle-hr.address"] = At(company!.Moodle),
            ["sources.moodle-hr.reverify_slices"] = "1",
            ["sources.edx-campus.address"] = At(company.Edx),
            ["sources.edx-campus.reverify_slices"] = "1",
            ["sources.coursera-academy.address"] = At(company.Coursera),
            ["sources.lrs-content.address"] = At(company.Lrs),
            ["sources.roadwise.address"] = At(company.Api) + "/v1/completions",
            ["sources.hr-records.path"] = records,
            ["sources.hr-records.settle"] = "0s",
        };
        Dictionary<string, string> secrets = Secrets();
        ConfigurationResult read = ConfigurationReader.Read(files, catalogue, reference => new Secret(reference, () => secrets[reference]), overrides);
        return (read.Configuration ?? throw new InvalidOperationException(string.Join('\n', read.Findings.Select(f => f.Sentence)))).Sources;
    }

    private Dictionary<string, string> Secrets() => new()
    {
        ["env:MOODLE_HR_TOKEN"] = NorthwindScript.Token,
        ["env:COURSERA_KEY"] = company!.Coursera.World.AppKey,
        ["env:COURSERA_SECRET"] = company.Coursera.World.AppSecret,
        ["env:EDX_CLIENT_ID"] = company.Edx.World.ClientId,
        ["env:EDX_CLIENT_SECRET"] = company.Edx.World.ClientSecret,
        ["env:LRS_KEY"] = company.Lrs.World.Key,
        ["env:LRS_SECRET"] = company.Lrs.World.Secret,
        ["env:ROADWISE_TOKEN"] = company.Api.World.Token,
    };

    private static string At(PlayPlatform platform) => platform.Address.ToString().TrimEnd('/');

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;

    private sealed class Nothing : IKnownCompletions
    {
        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>([]);

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>([]);
    }

    /// <summary>Lets all clients of a container speak to the kit.</summary>
    private sealed class Before(HttpMessageHandler platform) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = platform;
        };
    }
}
