using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CredSync.Host.Dispatch;

/// <summary>
/// Wakes the dispatcher when a page that some other worker took in planned something. PostgreSQL carries the word; while its line is broken the dispatcher's
/// own look at the ledger is enough, only later.
/// </summary>
internal sealed class PlannedListener(PostgresDatabase database, OutboxSignal signal, TimeProvider time, ILogger<PlannedListener> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // A line that died without a word is noticed by asking after it.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is StorageException or NpgsqlException or IOException or TimeoutException)
            {
                Log.ListeningBroke(logger, e.GetType().Name);
                await Task.Delay(Between, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        connection.Notification += (_, _) => signal.Notify();
        await using (NpgsqlCommand listen = connection.CreateCommand())
        {
            listen.CommandText = $"LISTEN {PostgresLedger.PlannedChannel}";
            await listen.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }

        try
        {
            // What was planned before the line stood.
            signal.Notify();
            while (true)
            {
                if (!await connection.WaitAsync(Silence, ct).ConfigureAwait(false))
                {
                    await using NpgsqlCommand ask = connection.CreateCommand();
                    ask.CommandText = "SELECT 1";
                    await ask.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            // Whoever is given this connection next does not listen.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
