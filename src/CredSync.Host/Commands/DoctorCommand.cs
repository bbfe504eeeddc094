using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Host.Intake;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Queue;
using CredSync.Host.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync doctor</c>: looks at everything that a worker needs, and says what to do about what is not well.</summary>
internal static class DoctorCommand
{
    private const long LeastDisk = 1L << 30;

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("doctor", "Checks configuration, ledger, journal, queue, clock, keys, disk, sources and issuers, and says what to do. Example: credsync doctor");
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        var results = new List<CheckResult>();
        (_, ConfigurationResult configuration, _) = Worker.ReadConfiguration(settings, context.Catalogue(settings));
        results.Add(configuration.Configuration is { } good
            ? new CheckResult("configuration", configuration.Findings.Count == 0 ? CheckOutcome.Passed : CheckOutcome.Warning, $"{good.Sources.Count} sources, {good.Issuers.Count} issuers, {good.RuleBook.Definitions.Count} credentials; {configuration.Findings.Count} findings")
                { Remedy = configuration.Findings.Count == 0 ? null : "credsync lint" }
            : new CheckResult("configuration", CheckOutcome.Failed, $"{configuration.Findings.Count} findings; nothing can start with them") { Remedy = "credsync lint" });
        results.Add(Disk(settings.DataFolder));
        using IHost? host = configuration.Configuration is null ? context.BuildReader(settings) : context.TryBuildQuietly(settings with { Roles = Roles.None, LogToTerminal = false });
        if (host is not null)
        {
            await LookAsync(host.Services, results, ct).ConfigureAwait(false);
        }

        output.Write(results, console => CheckList.Draw(console, results));
        return results.Any(r => r.Outcome == CheckOutcome.Failed) ? ExitCodes.Unreachable : results.Any(r => r.Outcome == CheckOutcome.Warning) ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static async Task LookAsync(IServiceProvider services, List<CheckResult> results, CancellationToken ct)
    {
        ILedger ledger = services.GetRequiredService<ILedger>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        bool there = await TryAsync(results, "ledger", "Start the database, or correct Ledger:ConnectionString.", async () =>
        {
            long start = time.GetTimestamp();
            await ledger.MigrateAsync(ct).ConfigureAwait(false);
            LedgerTotals totals = await ledger.TotalsAsync(ct).ConfigureAwait(false);
            return $"answers in {time.GetElapsedTime(start).TotalMilliseconds:0} ms, is up to date, holds {totals.Completions} completions and {totals.Issuances} issuances";
        }).ConfigureAwait(false);
        await TryAsync(results, "journal", "Start the database, or correct Issue:ConnectionString.", async () =>
        {
            await services.GetRequiredService<IIssueJournal>().MigrateAsync(ct).ConfigureAwait(false);
            return "answers and is up to date";
        }).ConfigureAwait(false);
        if (there)
        {
            await ClockAsync(services, results, time, ct).ConfigureAwait(false);
            foreach (SourceState source in await ledger.SourcesAsync(ct).ConfigureAwait(false))
            {
                if (source.PausedBecause is { } why)
                {
                    results.Add(new CheckResult($"source {source.Name}", CheckOutcome.Warning, $"is paused: {why}") { Remedy = $"Mend it, then: credsync sources resume {source.Name}" });
                }
            }
        }

        if (QueueOptionsOf(services) is { Length: > 0 } address)
        {
            await TryAsync(results, "queue", "Start the broker, or correct Queue:ConnectionString.", async () =>
            {
                await using var broker = new Broker(BrokerAddress.Parse(address));
                await new BrokerDeclarations(broker).OutcomeAsync(ct).ConfigureAwait(false);
                return "lets us in and has our queues";
            }).ConfigureAwait(false);
        }
        else
        {
            results.Add(new CheckResult("queue", CheckOutcome.Passed, "is in memory; the ledger sends again what a stop loses"));
        }

        foreach ((string name, object adapter) in services.GetRequiredService<SourceRegistry>().All.Select(s => ($"source {s.Key}", (object)s.Value))
            .Concat(services.GetRequiredService<IssuerRegistry>().All.Select(i => ($"issuer {i.Key}", (object)i.Value))))
        {
            if (adapter is ICheckable checkable)
            {
                results.AddRange((await checkable.CheckAsync(ct).ConfigureAwait(false)).Select(r => r with { Name = $"{name}: {r.Name}" }));
            }
        }
    }

    private static async Task ClockAsync(IServiceProvider services, List<CheckResult> results, TimeProvider time, CancellationToken ct)
    {
        ISql sql = services.GetRequiredService<ISql>();
        if (!sql.IsShared)
        {
            return;
        }

        DateTimeOffset theirs = (await sql.ReadAsync("SELECT now()", SqlValues.None, r => r.Time(0), ct).ConfigureAwait(false))[0];
        TimeSpan apart = (theirs - time.GetUtcNow()).Duration();
        results.Add(apart < TimeSpan.FromSeconds(5)
            ? new CheckResult("clock", CheckOutcome.Passed, $"is {apart.TotalSeconds:0.0} s apart from the database's")
            : new CheckResult("clock", CheckOutcome.Failed, $"is {apart.TotalSeconds:0} s apart from the database's; leases and schedules go wrong") { Remedy = "Let both machines keep their time by NTP." });
    }

    private static string? QueueOptionsOf(IServiceProvider services) => services.GetRequiredService<Microsoft.Extensions.Options.IOptions<QueueOptions>>().Value.ConnectionString;

    private static CheckResult Disk(string data)
    {
        try
        {
            string folder = Path.GetFullPath(data);
            string there = folder;
            while (!Directory.Exists(there))
            {
                there = Path.GetDirectoryName(there) ?? "/";
            }

            long free = new DriveInfo(there).AvailableFreeSpace;
            return new CheckResult("disk", free < LeastDisk ? CheckOutcome.Warning : CheckOutcome.Passed, $"{free / (1L << 30)} GiB are free under '{data}'") { Remedy = free < LeastDisk ? "Free at least 1 GiB." : null };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new CheckResult("disk", CheckOutcome.NotChecked, $"cannot be asked ({e.GetType().Name})");
        }
    }

    private static async Task<bool> TryAsync(List<CheckResult> results, string name, string remedy, Func<Task<string>> look)
    {
        try
        {
            results.Add(new CheckResult(name, CheckOutcome.Passed, await look().ConfigureAwait(false)));
            return true;
        }
        catch (StorageException e)
        {
            results.Add(new CheckResult(name, CheckOutcome.Failed, e.Message) { Remedy = remedy });
            return false;
        }
    }
}
