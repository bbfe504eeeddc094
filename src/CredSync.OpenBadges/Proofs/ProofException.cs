namespace CredSync.OpenBadges.Proofs;

/// <summary>
/// A credential cannot be signed, or a text is not a signed credential. The message is one sentence for the operator; it names properties
/// and terms, never their values.
/// </summary>
public sealed class ProofException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="sentence">What happened and what to do.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public ProofException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}
