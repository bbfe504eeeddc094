namespace CredSync.Host.Storage;

/// <summary>A connection string or another infrastructure setting cannot be used; one sentence says which. Ends a command with <c>ExitCodes.Usage</c>.</summary>
internal sealed class StorageSettingException(string sentence, Exception? inner = null) : Exception(sentence, inner);
