namespace CredSync.Host.Storage;

/// <summary>A database or the queue cannot be used; one sentence says what and where. Ends a command with <c>ExitCodes.Unreachable</c>.</summary>
internal sealed class StorageException(string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    /// <summary>Whether waiting may help: it is away, and nobody refused us.</summary>
    public bool IsOutage { get; init; }
}
