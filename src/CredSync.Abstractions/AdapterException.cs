namespace CredSync;

/// <summary>A fault of an adapter: its kind, and one sentence for the operator that says what happened and what to do.</summary>
/// <remarks>
/// The sentence is shown on screens and in logs: it must not hold personal data, tokens, or bodies of answers.
/// </remarks>
public abstract class AdapterException : Exception
{
    private protected AdapterException(FaultKind kind, string sentence, TimeSpan? retryAfter, Exception? inner)
        : base(sentence, inner)
    {
        Kind = kind;
        RetryAfter = retryAfter;
    }

    /// <summary>What kind of fault it is; decides the action.</summary>
    public FaultKind Kind { get; }

    /// <summary>How long the other side asked to wait, when it said so; null otherwise. Never negative.</summary>
    public TimeSpan? RetryAfter { get; }
}
