using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Benchmarks.Load;

/// <summary>The real worker, all rooms and the built-in issuer, fed by a load source.</summary>
internal sealed class LoadWorker : IAsyncDisposable
{
    /// <summary>The secret with which deliveries are signed.</summary>
    public const string HookSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly string folder;
    private readonly IHost host;

    private LoadWorker(string folder, IHost host, LoadWork work) => (this.folder, this.host, Work) = (folder, host, work);

    /// <summary>What it is fed with.</summary>
    public LoadWork Work { get; }

    /// <summary>Its parts.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Its ledger.</summary>
    public ILedger Ledger => host.Services.GetRequiredService<ILedger>();

    /// <summary>Where its files are.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>Builds a worker; without addresses an embedded one.</summary>
    public static LoadWorker Create(LoadWork work, string? postgres, string? rabbitMq, Roles roles = Roles.Intake | Roles.Dispatch | Roles.Issue)
    {
        string folder = Directory.CreateTempSubdirectory("credsync-load-").FullName;
        Write(folder, work);
        var settings = new WorkerSettings
        {
            ConfigFolder = Path.Combine(folder, "config"),
            DataFolder = Path.Combine(folder, "data"),
            Roles = roles,
            Secrets = new Dictionary<string, string> { ["env:LOAD_HOOK"] = HookSecret },
            Infrastructure = new Dictionary<string, string?>
            {
                ["Ledger:ConnectionString"] = postgres,
                ["Queue:ConnectionString"] = rabbitMq,
                ["Log:Level"] = "Warning",

                // The credentials are stored in the journal; a copy as a file is for people with few of them.
                ["Issue:BadgeFolder"] = "",
                ["Hooks:Address"] = work.HooksAddress,
                ["Operations:Address"] = "http://127.0.0.1:0",
                ["Public:Address"] = "http://127.0.0.1:0",
            },
        };
        var services = new ServiceCollection();
        Adapters(new CredSyncBuilder(services));
        (ConfigurationFolder read, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, Worker.Adapters(services));
        Configuration configuration = result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings.Take(5)));
        return new LoadWorker(folder, Worker.Build(settings, Adapters, read, configuration, secrets), work);

        void Adapters(CredSyncBuilder builder)
        {
            builder.Services.AddSingleton(new SourceAdapter("load", "Completions without a platform.", typeof(LoadSourceOptions), (_, _, _) => new LoadSource(work)) { Webhooks = WebhookTrust.Fact });
            builder.AddBuiltInIssuers();
        }
    }

    /// <summary>Starts it.</summary>
    public Task StartAsync() => host.StartAsync();

    /// <summary>Lets completions pass, from the source to the stored credential and the closed line.</summary>
    public async Task PassAsync(int count, TimeSpan limit)
    {
        long start = Time.GetTimestamp();
        await Work.GiveAsync(count).WaitAsync(limit, Time).ConfigureAwait(false);
        while (await Ledger.IsUnderWayAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (Time.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"{count} completions did not pass within {limit}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(40), Time).ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure that every completion so far has its credential, and only one.</summary>
    public async Task CheckAsync()
    {
        int expected = (Work.Target + Work.OneEarnsOf - 1) / Work.OneEarnsOf;
        IReadOnlyList<IssuanceCount> counts = await Ledger.CountIssuancesAsync(CancellationToken.None).ConfigureAwait(false);
        if (counts.Any(c => c.State != Core.Issuance.IssuanceState.Issued) || counts.Sum(c => c.Count) != expected)
        {
            throw new InvalidOperationException($"Expected {expected} issued credentials, found {string.Join(", ", counts.GroupBy(c => c.State).Select(g => $"{g.Sum(c => c.Count)} {g.Key}"))}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync().ConfigureAwait(false);
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void Write(string folder, LoadWork work)
    {
        string config = Path.Combine(folder, "config");
        Put("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example, time_zone: UTC }\ndefaults: { issuer: press }\n");
        Put("sources/load.yaml", "source: load\nadapter: load\nevery: 1s\nwebhook: { proof: standard-webhooks, secrets: [env:LOAD_HOOK], per_second: 100000 }\n");
        Put("issuers/press.yaml", "issuer: press\nadapter: open-badges\nname: Northwind Academy\nurl: https://badges.northwind.example\n");
        for (int i = 0; i < work.Courses; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            Put($"credentials/badge-{number}.yaml", string.Join('\n',
                $"credential: badge-{number}", $"name: Subject {number}", $"description: Knows the subject {number} of the catalogue, and how it is put to use in the daily work of a team.",
                $"criteria: Complete the course of subject {number} with 60 percent or more.", $"skills: [Subject {number}, Teamwork]",
                "earn:", $"  course: {{ source: load, key: C-{number}, score: \">= 60 %\" }}",
                "tests:", "  - name: nothing earns nothing", "    events: []", "    expect:", "      - { earned: never }", ""));
        }

        void Put(string file, string text)
        {
            string path = Path.Combine(config, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
