using System.Net.Http.Headers;
using CredSync.Completions;
using CredSync.Core;
using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Plans;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Tests.Operations;

/// <summary>A worker of the role operations alone, on a free port of this machine, over a ledger of its own.</summary>
public class OperationsWorld : IAsyncLifetime
{
    /// <summary>From more than this many on a second person approves.</summary>
    public const int ApproveOver = 20;

    private readonly TemporaryFolder folder = new();
    private IHost? host;

    public Uri Address { get; private set; } = null!;

    /// <summary>Infrastructure settings beside those that every world has; set before it starts.</summary>
    internal Dictionary<string, string?> More { get; } = [];

    /// <summary>Its sources, none when nothing is said; set before it starts.</summary>
    internal Dictionary<string, ICompletionSource> Sources { get; } = [];

    /// <summary>How it matches people; set before it starts.</summary>
    internal PeoplePolicy People { get; set; } = PeoplePolicy.Default;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal IServiceProvider Services => host!.Services;

    internal ILedger Ledger => Services.GetRequiredService<ILedger>();

    internal OperatorLedger Operators => Services.GetRequiredService<OperatorLedger>();

    internal ApiKeys Keys => Services.GetRequiredService<ApiKeys>();

    /// <summary>Takes a page of the source 's' in, decided by the rule book in force.</summary>
    internal async Task TakeAsync(string cursor, params Completion[] completions)
    {
        await Ledger.EnsureSourcesAsync(["s"], Ct);
        RunLease run = (await Ledger.TryBeginRunAsync("s", LocalProcess.Self, TimeSpan.FromMinutes(5), Ct))!;
        var intake = new CompletionIntake(Ledger, new RuleBookRecord(Ledger), TimeProvider.System);
        await intake.TakeAsync(run, new SourcePage { Completions = completions, Next = new Cursor(cursor) }, Services.GetRequiredService<ActiveConfiguration>().Current, Ct);
        await Ledger.EndRunAsync(run, new RunEnd(), Ct);
    }

    public async ValueTask InitializeAsync()
    {
        var configuration = new Configuration
        {
            Organisation = new Organisation("Test", "Europe/Madrid", Guid.Empty), People = People, Defaults = new Defaults(), Issuers = [],
            Sources = [.. Sources.Keys.Select(name => new SourceDefinition(name, name, new object(), TimeSpan.FromMinutes(15), null, false, null, new FilePosition($"sources/{name}.yaml", 1, 1)))],
            RuleBook = PlanWorld.Book(PlanWorld.Definition("badge", PlanWorld.CourseNamed("C-1")), PlanWorld.Definition("second", PlanWorld.CourseNamed("C-2"))), Tests = [],
        };
        var settings = new WorkerSettings
        {
            ConfigFolder = folder.File("config"), DataFolder = folder.File("data"), Roles = Roles.Operations, LogToTerminal = false,
            Infrastructure = new Dictionary<string, string?>
            {
                ["Operations:Address"] = "http://127.0.0.1:0", ["Public:Address"] = "http://127.0.0.1:0", ["Operations:RequestsPerMinute"] = "100000000",
                ["Operations:ApproveOver"] = ApproveOver.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        };
        settings = settings with { Infrastructure = settings.Infrastructure.Concat(More).ToDictionary(s => s.Key, s => s.Value) };
        Directory.CreateDirectory(settings.DataFolder);
        var secrets = new SecretReader(settings.Secrets);
        host = Worker.Build(settings, Install, new ConfigurationFolder(settings.ConfigFolder, new AdapterCatalogue([], []), secrets, settings.Overrides), configuration, secrets);
        await host.StartAsync(Ct);
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await host!.StopAsync(CancellationToken.None);
        host.Dispose();
        folder.Dispose();
    }

    /// <summary>A client; with a key of a role when one is named.</summary>
    internal async Task<HttpClient> ClientAsync(string? role = null, params string[] scopes)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (role is not null)
        {
            (_, string secret) = await Keys.MakeAsync("test", role, scopes, 1, "tester", "test", Ct);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return client;
    }

    /// <summary>Opens the one-time link; gives the session's cookie.</summary>
    internal async Task<string> SignInAsync(HttpClient client)
    {
        string link = Services.GetRequiredService<OneTimeLinks>().Renew(Address.ToString());
        using HttpResponseMessage answer = await client.GetAsync(link, Ct);
        ((int)answer.StatusCode).ShouldBe(302);
        return answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("credsync=", StringComparison.Ordinal)).Split(';')[0];
    }

    private void Install(CredSyncBuilder builder)
    {
        foreach ((string name, ICompletionSource source) in Sources)
        {
            builder.Services.AddSingleton(new SourceAdapter(name, "A play source.", typeof(object), (_, _, _) => source));
        }
    }

    internal async Task<long> ActsAsync() => (await Operators.ActsAsync(null, null, null, null, 1, Ct)).Items.FirstOrDefault()?.Number ?? 0;
}
