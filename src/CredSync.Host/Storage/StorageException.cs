namespace CredSync.Host.Storage;

/// <summary>A database cannot be used; one sentence says what and where. Ends a command with <c>ExitCodes.Unreachable</c>.</summary>
internal sealed class StorageException(string sentence, Exception? inner = null) : Exception(sentence, inner);
