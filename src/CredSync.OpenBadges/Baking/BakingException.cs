namespace CredSync.OpenBadges.Baking;

/// <summary>An image cannot be baked or unbaked. The sentence repeats nothing of the image or the credential.</summary>
public sealed class BakingException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="sentence">What is wrong, in one sentence.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public BakingException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}
