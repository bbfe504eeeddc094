using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Host;
using CredSync.Host.Commands;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Jobs;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.EndToEnd.Tests.Dashboard;

/// <summary>A whole worker with a play source and a play issuer that can be broken, and texts that would run in a careless browser.</summary>
public sealed class PlayWorker : IAsyncDisposable
{
    /// <summary>What a careless screen would run.</summary>
    public const string Hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";

    /// <summary>How many learners finish the course that earns the badge.</summary>
    public const int Learners = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("credsync-dashboard-").FullName;
    private IHost? host;
    private bool started;

    /// <summary>Whether the play issuer refuses everything.</summary>
    public PlayState State { get; } = new();

    public string Link { get; private set; } = "";

    internal ILedger Ledger => host!.Services.GetRequiredService<ILedger>();

    internal OperatorLedger Operators => host!.Services.GetRequiredService<OperatorLedger>();

    public async Task StartAsync(CancellationToken ct)
    {
        string config = Path.Combine(folder, "config");
        Write("credsync.yaml", "organisation:\n  name: Northwind\n  namespace: northwind.example\n  time_zone: Europe/Madrid\n");
        Write("people.yaml", "match: [external_id, email]\nunknown: create\n");
        Write("sources/play.yaml", "source: play\nadapter: play-source\nevery: 1s\n");
        Write("issuers/play-badges.yaml", "issuer: play-badges\nadapter: play-issuer\n");
        Write("credentials/safety.yaml", $"credential: safety\nname: {System.Text.Json.JsonSerializer.Serialize("Safety " + Hostile)}\ndescription: Knows the risks.\ncriteria: Complete it.\nearn:\n  course: {{ source: play, key: SAFETY }}\n");
        var context = new CommandContext(builder =>
        {
            builder.Services.AddSingleton(State);
            builder.AddSource<PlaySource, PlaySourceOptions>("play-source", "Plays.");
            builder.AddIssuer<PlayIssuer, PlayIssuerOptions>("play-issuer", "Plays.");
        });
        var settings = new WorkerSettings
        {
            ConfigFolder = config, DataFolder = Path.Combine(folder, "data"), LogToTerminal = false,
            Infrastructure = new Dictionary<string, string?> { ["Operations:Address"] = "http://127.0.0.1:0", ["Hooks:Address"] = "http://127.0.0.1:0", ["Public:Address"] = "http://127.0.0.1:0", ["Dispatch:PollEvery"] = "00:00:00.200" },
        };
        var remarks = new StringWriter();
        host = context.TryBuild(settings, new Output(json: false, TextWriter.Null, remarks)) ?? throw new InvalidOperationException(remarks.ToString());
        await host.StartAsync(ct);
        started = true;
        Link = SignInLink.Make(host, settings)!;

        void Write(string file, string text)
        {
            string path = Path.Combine(config, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>Begins a plan and a comparison, and waits for their end.</summary>
    public async Task BeginJobsAsync(CancellationToken ct)
    {
        JobDesk desk = host!.Services.GetRequiredService<JobDesk>();
        OperatorLedger ledger = host.Services.GetRequiredService<OperatorLedger>();
        await desk.PlanAsync(null, null, null, null, "tester", Hostile, ct);
        await desk.ReconcileAsync("play-badges", null, "tester", Hostile, ct);
        while ((await ledger.JobsAsync("running", null, 10, ct)).Items.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (started)
        {
            await host!.StopAsync(CancellationToken.None);
        }

        host?.Dispose();

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>What a test turns.</summary>
public sealed class PlayState
{
    private volatile bool broken = true;

    /// <summary>Whether the issuer refuses everything.</summary>
    public bool Broken
    {
        get => broken;
        set => broken = value;
    }
}

/// <summary>Nothing to set.</summary>
public sealed class PlaySourceOptions;

/// <summary>Nothing to set.</summary>
public sealed class PlayIssuerOptions;

/// <summary>Tells of learners once.</summary>
public sealed class PlaySource : ICompletionSource
{
    private readonly string name;

    public PlaySource(SourceIdentity identity, PlaySourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        name = identity.Name;
    }

    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        if (read.Since is null)
        {
            yield return new SourcePage
            {
                Completions = [.. Enumerable.Range(1, PlayWorker.Learners).Select(i => Done(i, "SAFETY")), Done(99, "EXCEL")],
                Unreadable = [new UnreadableRecord("row 7", "row-malformed", $"A record cannot be read: {PlayWorker.Hostile}")],
                Next = new Cursor("told"),
            };
        }
    }

    private Completion Done(int learner, string course) => new()
    {
        Key = new CompletionKey(name, $"{learner}|{course}"),
        Identifiers = [new PersonIdentifier("external_id", $"P{learner}"), new PersonIdentifier("email", $"learner{learner}@northwind.example")],
        PersonName = $"Learner {learner}",
        Course = new Course { Key = course, Title = $"{course} {PlayWorker.Hostile}" },
        Status = CompletionStatus.Completed,
        CompletedAt = new DateTimeOffset(2026, 1, 15, 10, 0, 0, TimeSpan.Zero),
    };
}

/// <summary>Mints nothing real, and refuses while it is broken.</summary>
public sealed class PlayIssuer : ICredentialIssuer
{
    private readonly PlayState state;

    public PlayIssuer(IssuerIdentity identity, PlayIssuerOptions options, PlayState state)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        this.state = state;
    }

    public IssuerCapabilities Capabilities { get; } = new() { RepeatsSafely = true };

    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return state.Broken
            ? throw new IssuerException(FaultKind.Rejected, "issuer-template-archived", $"The template {PlayWorker.Hostile} of issuance {request.IssuanceId} was archived; bring it back.")
            : Task.FromResult(new IssuedCredential { CredentialId = $"urn:uuid:{request.IssuanceId}", IssuedAt = request.IssuedAt });
    }
}
