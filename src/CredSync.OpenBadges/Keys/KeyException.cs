namespace CredSync.OpenBadges.Keys;

/// <summary>A key, or the name of a key, cannot be used. The message is one sentence for the operator and holds no key material.</summary>
public sealed class KeyException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="sentence">What happened and what to do. No key material.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public KeyException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}
