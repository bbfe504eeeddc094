namespace CredSync.Host.Ledger;

/// <summary>A run lost its lease to another owner: its page was not committed, and the other owner reads it again.</summary>
internal sealed class LeaseLostException(string source)
    : Exception($"The lease on source '{source}' was taken over by another worker; the page was not committed and will be read again.");
