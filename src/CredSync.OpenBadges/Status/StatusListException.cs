namespace CredSync.OpenBadges.Status;

/// <summary>A status list cannot be read or used.</summary>
public sealed class StatusListException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="sentence">What is wrong, in one sentence.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public StatusListException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}
