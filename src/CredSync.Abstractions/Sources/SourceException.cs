namespace CredSync.Sources;

/// <summary>A platform could not be read.</summary>
public sealed class SourceException : AdapterException
{
    /// <summary>Creates the fault.</summary>
    /// <param name="kind">What kind of fault it is; decides what the host does.</param>
    /// <param name="sentence">What happened and what to do, in one sentence for the operator. No personal data, no secrets, no bodies.</param>
    /// <param name="retryAfter">How long the platform asked to wait; null when it did not say.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public SourceException(FaultKind kind, string sentence, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(kind, sentence, retryAfter, inner)
    {
    }
}
