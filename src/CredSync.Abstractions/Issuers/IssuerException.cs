namespace CredSync.Issuers;

/// <summary>A credential could not be minted, or it is not known whether it was.</summary>
public sealed class IssuerException : AdapterException
{
    /// <summary>Creates the fault.</summary>
    /// <param name="kind">What kind of fault it is; decides what the host does.</param>
    /// <param name="cause">A stable machine code for grouping, for example <c>issuer-template-archived</c>.</param>
    /// <param name="sentence">What happened and what to do, in one sentence for the operator. No personal data, no secrets, no bodies.</param>
    /// <param name="retryAfter">How long the issuer asked to wait; null when it did not say.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public IssuerException(FaultKind kind, string cause, string sentence, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(kind, sentence, retryAfter, inner)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cause);
        Cause = cause;
    }

    /// <summary>A stable machine code for grouping.</summary>
    public string Cause { get; }
}
