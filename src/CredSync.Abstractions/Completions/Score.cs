namespace CredSync.Completions;

/// <summary>A result as the platform gave it. Nothing here is invented: what is unknown is null.</summary>
public sealed record Score
{
    /// <summary>The result as a fraction, 0 to 1; null when it cannot be derived (text grades).</summary>
    public decimal? Scaled { get; init; }

    /// <summary>The result in the platform's own unit; null when there is none.</summary>
    public decimal? Raw { get; init; }

    /// <summary>Lowest possible <see cref="Raw"/>; null when unknown.</summary>
    public decimal? Min { get; init; }

    /// <summary>Highest possible <see cref="Raw"/>; null when unknown.</summary>
    public decimal? Max { get; init; }

    /// <summary>The result as text, as received (a letter grade, <c>0.93</c>); null when there is none.</summary>
    public string? Text { get; init; }
}

/// <summary>Something that shows that a completion is true.</summary>
/// <param name="Name">Short plain text.</param>
/// <param name="Url">Where to see it; null when there is no page.</param>
/// <param name="Detail">More plain text; null when there is none.</param>
public sealed record Evidence(string Name, Uri? Url = null, string? Detail = null);
