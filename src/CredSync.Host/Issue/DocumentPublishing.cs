using System.Collections.Concurrent;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Issue;

/// <summary>Has issuers bring their published documents up to date where the keys are: at the start, after credentials were minted or revoked, and regularly, because signatures on lists run out.</summary>
internal sealed class DocumentPublishing(IIssuerStore store, IssuerRegistry issuers, ActiveConfiguration active, IOptions<IssueOptions> options, TimeProvider time, ILogger<DocumentPublishing> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim changed = new(0, 1);
    private readonly ConcurrentDictionary<string, string> faults = new(StringComparer.Ordinal);

    /// <summary>Says that something was minted; the documents follow soon.</summary>
    public void Notify()
    {
        try
        {
            changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was said already.
        }
    }

    /// <summary>Brings the documents of one issuer up to date. A fault of the issuer is logged, and mended at the next time; one of the database is thrown.</summary>
    public async Task PublishAsync(string name, CancellationToken ct)
    {
        if (!issuers.All.TryGetValue(name, out ICredentialIssuer? issuer) || issuer is not IDocumentPublisher { Address: not null } publisher)
        {
            return;
        }

        try
        {
            await publisher.PublishAsync(new IssuerRecords(name, store, active), ct).ConfigureAwait(false);
            faults.TryRemove(name, out _);
        }
        catch (IssuerException e)
        {
            // Said once, not every minute.
            if (faults.GetValueOrDefault(name) != e.Message)
            {
                faults[name] = e.Message;
                Log.NotPublished(logger, name, e.Message);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await changed.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
            {
                await PublishAllAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host's patience is over; the next worker publishes it at its start.
        }
    }

    public override void Dispose()
    {
        changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await PublishAllAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(Between, time, stoppingToken).ConfigureAwait(false);
                using var limit = new CancellationTokenSource(options.Value.PublishEvery, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
                await changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker stops.
        }
    }

    private async Task PublishAllAsync(CancellationToken ct)
    {
        foreach (string name in issuers.Names)
        {
            try
            {
                await PublishAsync(name, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.NotPublished(logger, name, e is StorageException ? e.Message : e.GetType().Name);
            }
        }
    }
}
