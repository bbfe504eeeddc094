namespace CredSync.Host.Operations;

/// <summary>
/// Reads what is dear on a thread of its own. SQLite answers on the thread that asks: two such readings at once would take both threads that the runtime's pool has on a machine with two
/// cores, and whoever only wants to be told that something is being counted would wait until the pool grows.
/// </summary>
internal static class Apart
{
    /// <summary>Begins to read.</summary>
    /// <param name="take">Reads.</param>
    /// <param name="ct">Cancels.</param>
    public static Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> take, CancellationToken ct) =>
        Task.Factory.StartNew(() => take(ct), ct, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
}
