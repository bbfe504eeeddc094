namespace CredSync.OpenBadges.Rdf;

/// <summary>
/// The canonical form of a document cannot be made: it needs more work than is allowed (RFC-style "poison" input), nests too deep, or holds
/// what has no canonical form. The message is one sentence without the document's values.
/// </summary>
public sealed class CanonicalizationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="sentence">What happened and what to do.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public CanonicalizationException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}
