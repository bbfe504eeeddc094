using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host;

/// <summary>Brings the databases of this worker up to date before any room starts (all of this stage comes before any room's own start), and clears away files that a killed process left half written.</summary>
internal sealed class MigrateLedger(ILedger ledger, IIssueJournal journal, CredentialFiles files, WorkerSettings settings) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // An issue worker has no business with the ledger; the two halves meet only in messages.
        if (settings.Roles != Roles.Issue)
        {
            await ledger.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        if ((settings.Roles & (Roles.Issue | Roles.Operations)) != 0)
        {
            await journal.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        if (settings.Roles.HasFlag(Roles.Issue))
        {
            files.RemovePartial();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
