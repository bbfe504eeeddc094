using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.People;

/// <summary>
/// Keeps people up to date while a worker runs: with the directory when it changes and when its rows begin and end, with what is held, with what settles itself after a
/// time, and with what rests on credentials that were revoked. Many workers may do it at once; each step is harmless when it is done twice.
/// </summary>
internal sealed class PeopleKeeper(
    ILedger ledger, ActiveConfiguration active, DirectoryUpdate directory, HeldPeople held, Deadlines deadlines, TakenBack takenBack, TimeProvider time, ILogger<PeopleKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private Configuration? seen;
    private DateTimeOffset forgotten = DateTimeOffset.MinValue;

    /// <summary>Does what is to be done now.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        Configuration configuration = active.Current;
        DateTimeOffset now = time.GetUtcNow();
        string mark = DirectoryUpdate.MarkOf(configuration, now);
        if (await ledger.AppliedDirectoryAsync(ct).ConfigureAwait(false) != mark)
        {
            await directory.ApplyAsync(configuration, ct).ConfigureAwait(false);
            RematchCounts counts = await held.MatchAsync(configuration, ct).ConfigureAwait(false);
            await ledger.SetAppliedDirectoryAsync(mark, ct).ConfigureAwait(false);
            if (configuration.People.Directory.Entries.Count > 0 || counts.Looked > 0)
            {
                Log.UpToDate(logger, configuration.People.Directory.Entries.Count, counts.Matched, counts.Looked);
            }
        }

        await deadlines.SettleAsync(configuration, ct).ConfigureAwait(false);
        await takenBack.FollowAsync(configuration, ct).ConfigureAwait(false);
        if (!ReferenceEquals(seen, configuration) || now - forgotten > ForgetEvery)
        {
            (seen, forgotten) = (configuration, now);
            await ledger.ForgetAsync(now - configuration.Retention.Runs, now - configuration.Retention.SetAside, ct).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The ledger is away: the next look tries again, and health says so meanwhile.
                Log.LookFailed(logger, e.GetType().Name, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
