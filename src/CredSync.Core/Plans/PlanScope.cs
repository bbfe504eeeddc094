using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What part of the whole a plan is about.</summary>
public sealed record PlanScope
{
    /// <summary>Everything.</summary>
    public static PlanScope All { get; } = new();

    /// <summary>Id of the only credential; null for all. The credentials that its rule asks for are part of it, since it rests on them.</summary>
    public string? Credential { get; init; }

    /// <summary>First day on which it may have been earned, UTC; null for any. Beside a day or range, what has no date is left out.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Last day on which it may have been earned, UTC; null for any.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Whether a date is asked for.</summary>
    public bool IsDated => Since is not null || Until is not null;

    /// <summary>Whether an earned date lies within the range.</summary>
    /// <param name="earnedAt">The date, UTC; null when it is not known.</param>
    public bool Holds(DateTimeOffset? earnedAt) => !IsDated || (earnedAt is { } at
        && (Since is not { } since || DateOnly.FromDateTime(at.UtcDateTime) >= since)
        && (Until is not { } until || DateOnly.FromDateTime(at.UtcDateTime) <= until));

    /// <summary>Ids of a credential and of all that its rule asks for, directly or through others.</summary>
    /// <param name="ruleBook">The rule book.</param>
    /// <param name="credential">Id of the credential.</param>
    public static IReadOnlySet<string> WithNeeded(RuleBook ruleBook, string credential)
    {
        ArgumentNullException.ThrowIfNull(ruleBook);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([credential]);
        while (open.TryPop(out string? next))
        {
            if (needed.Add(next) && ruleBook.Find(next) is { } definition)
            {
                foreach (CredentialRule asked in CredentialOrder.AskedFor(definition))
                {
                    open.Push(asked.Credential);
                }
            }
        }

        return needed;
    }
}
