namespace CredSync.Core.Plans;

/// <summary>One line of a plan's sums.</summary>
/// <param name="credential">Id of the credential.</param>
/// <param name="issuer">Name of the issuer; empty where it does not matter.</param>
/// <param name="act">What is done; null for a line that only tells.</param>
/// <param name="cause">Why it is held; null when it is not.</param>
public sealed class PlanLine(string credential, string issuer, PlanAct? act, string? cause)
{
    private readonly List<Guid> people = new(PlanSummary.Samples);

    /// <summary>Id of the credential.</summary>
    public string Credential => credential;

    /// <summary>Name of the issuer; empty where it does not matter.</summary>
    public string Issuer => issuer;

    /// <summary>What is done; null for a line that only tells.</summary>
    public PlanAct? Act => act;

    /// <summary>Why it is held; null when it is not.</summary>
    public string? Cause => cause;

    /// <summary>How many.</summary>
    public long Issuances { get; private set; }

    /// <summary>The earliest earned date, UTC; null when none has one.</summary>
    public DateTimeOffset? FirstEarned { get; private set; }

    /// <summary>The latest earned date, UTC; null when none has one.</summary>
    public DateTimeOffset? LastEarned { get; private set; }

    /// <summary>Subject ids of the first few, in the order of ids.</summary>
    public IReadOnlyList<Guid> People => people;

    internal void Count(Guid person, DateTimeOffset? earnedAt)
    {
        Issuances++;
        Include(earnedAt);
        if (people.Count < PlanSummary.Samples && !people.Contains(person))
        {
            people.Add(person);
        }
    }

    internal void Add(PlanLine other)
    {
        Issuances += other.Issuances;
        Include(other.FirstEarned);
        Include(other.LastEarned);
        people.AddRange(other.people.Take(PlanSummary.Samples - people.Count));
    }

    private void Include(DateTimeOffset? earnedAt)
    {
        if (earnedAt is { } at)
        {
            FirstEarned = FirstEarned is { } first && first <= at ? first : at;
            LastEarned = LastEarned is { } last && last >= at ? last : at;
        }
    }
}
