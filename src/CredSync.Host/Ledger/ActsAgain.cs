using CredSync.Host.Storage;

namespace CredSync.Host.Ledger;

/// <summary>Does acts in one transaction, and again from the beginning when another transaction was in the way and this one was undone.</summary>
internal static class ActsAgain
{
    private const int Attempts = 10;

    public static async Task<T> ActAsync<T>(this IActsLedger ledger, Func<IActTransaction, Task<T>> work, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using IActTransaction transaction = await ledger.BeginActAsync(ct).ConfigureAwait(false);
                T result = await work(transaction).ConfigureAwait(false);
                await transaction.CommitAsync(ct).ConfigureAwait(false);
                return result;
            }
            catch (CollisionException) when (attempt < Attempts)
            {
                // Nothing of it is there; what it decides is decided again with what the other one wrote.
            }
        }
    }
}
