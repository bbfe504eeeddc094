using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;

namespace CredSync.Host.Commands;

/// <summary>Turns what an operator's service refuses into a usage error, in the same words.</summary>
internal static class Ask
{
    /// <summary>The longest page.</summary>
    public const int LongestPage = 1000;

    public static int Limit(int limit) => limit is >= 1 and <= LongestPage ? limit : throw new UsageException($"--limit is from 1 to {LongestPage}.");

    public static async Task<T> PageAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (e is CursorException or ActException)
        {
            throw new UsageException(e.Message);
        }
    }
}
