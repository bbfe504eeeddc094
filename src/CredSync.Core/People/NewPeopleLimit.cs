namespace CredSync.Core.People;

/// <summary>
/// How many people whom nobody knows one source may bring in a day, before they are held as <c>too-many-new-people</c>: a platform that changes the form of its ids
/// makes everybody somebody else. A source that was never read to its end may bring as many as it has.
/// </summary>
public sealed record NewPeopleLimit
{
    /// <summary>How many are never too many. Default 100.</summary>
    public int AtLeast { get; init; } = 100;

    /// <summary>How many are not too many, as a share of the people whom the source brought before. From 0 to 100, where 1 is as many again. Default 0.25.</summary>
    public decimal Share { get; init; } = 0.25m;

    /// <summary>Whether so many are too many.</summary>
    /// <param name="brought">How many the source brought in the last day, these included.</param>
    /// <param name="before">How many it brought before.</param>
    public bool IsExceeded(long brought, long before) => brought > Math.Max(AtLeast, Share * before);
}
