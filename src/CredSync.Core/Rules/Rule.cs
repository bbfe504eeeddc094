using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>What must be true for a credential to be earned, as it is written under <c>earn:</c>.</summary>
public abstract record Rule
{
    private protected Rule()
    {
    }

    /// <summary>
    /// The dates of the facts that fulfil this node must lie within this long of each other; null when it does not matter. Only for nodes
    /// with nodes below them.
    /// </summary>
    public Period? Within { get; init; }

    /// <summary>Where it is written.</summary>
    public FilePosition Position { get; init; }

    /// <summary>The nodes below it.</summary>
    public virtual IReadOnlyList<Rule> Children => [];

    /// <summary>This node and all below it.</summary>
    public IEnumerable<Rule> All()
    {
        yield return this;
        foreach (Rule child in Children)
        {
            foreach (Rule rule in child.All())
            {
                yield return rule;
            }
        }
    }

    /// <summary>In words.</summary>
    public sealed override string ToString() => RuleWords.Of(this);
}

/// <summary>A completed course. Every condition that is given must hold.</summary>
public sealed record CourseRule : Rule
{
    /// <summary>Name of the source; null for any.</summary>
    public string? Source { get; init; }

    /// <summary>The course key, or a pattern in which <c>*</c> stands for any characters; null for any.</summary>
    public string? Key { get; init; }

    /// <summary>A tag that the source's file gives to courses; null when it does not matter.</summary>
    public string? Tag { get; init; }

    /// <summary>The run of the course, or a pattern; null for any.</summary>
    public string? Run { get; init; }

    /// <summary>Attributes of the course and the value or pattern that each must have.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>What kind of thing was completed; null for any.</summary>
    public ContentType? ContentType { get; init; }

    /// <summary>The condition on the score; null when it does not matter.</summary>
    public ScoreCondition? Score { get; init; }

    /// <summary>
    /// True: the platform must say that it was passed. False: it must say that it was not. Null: it must not say that it was not.
    /// </summary>
    public bool? Passed { get; init; }

    /// <summary>First day on which it may have been completed, in the organisation's time zone; null for any.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day on which it may have been completed, in the organisation's time zone; null for any.</summary>
    public DateOnly? To { get; init; }
}

/// <summary>A credential of this rule book that the person holds, or earns now, and that has not expired.</summary>
/// <param name="Credential">Id of its definition.</param>
public sealed record CredentialRule(string Credential) : Rule;

/// <summary>All of several.</summary>
/// <param name="Rules">The nodes; at least one.</param>
public sealed record AllRule(IReadOnlyList<Rule> Rules) : Rule
{
    /// <summary>
    /// Whether each node must be fulfilled by facts that are no earlier than those of the node before it. What is dated to the day counts as any time of that day.
    /// Default false: the order does not matter.
    /// </summary>
    public bool InOrder { get; init; }

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Children => Rules;
}

/// <summary>Any of several.</summary>
/// <param name="Rules">The nodes; at least one.</param>
public sealed record AnyRule(IReadOnlyList<Rule> Rules) : Rule
{
    /// <inheritdoc />
    public override IReadOnlyList<Rule> Children => Rules;
}

/// <summary>At least so many of several. A course node counts once for each different course that meets it; every other node counts once.</summary>
/// <param name="Count">How many; at least 1.</param>
/// <param name="Rules">The nodes; at least one.</param>
public sealed record AtLeastRule(int Count, IReadOnlyList<Rule> Rules) : Rule
{
    /// <inheritdoc />
    public override IReadOnlyList<Rule> Children => Rules;
}
