using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>The sums of a plan, built person by person; two can be added, so that several may count at once.</summary>
public sealed class PlanSummary
{
    /// <summary>How many samples each line keeps.</summary>
    public const int Samples = 3;

    private readonly Dictionary<(string, string, PlanAct, string?), PlanLine> effects = [];
    private readonly Dictionary<string, PlanLine> expired = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanLine> kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanLine> keptDates = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Course), long> unmatched = [];

    /// <summary>People looked at.</summary>
    public long People { get; private set; }

    /// <summary>Completions looked at.</summary>
    public long Completions { get; private set; }

    /// <summary>Changes that would be made.</summary>
    public long Changes { get; private set; }

    /// <summary>What would be awarded, held, stopped and revised, by credential, issuer and cause.</summary>
    public IReadOnlyList<PlanLine> Effects => [.. effects.Values.OrderBy(l => l.Act).ThenBy(l => l.Credential, StringComparer.Ordinal).ThenBy(l => l.Issuer, StringComparer.Ordinal).ThenBy(l => l.Cause, StringComparer.Ordinal)];

    /// <summary>What was earned and has expired, by credential.</summary>
    public IReadOnlyList<PlanLine> Expired => [.. expired.Values.OrderBy(l => l.Credential, StringComparer.Ordinal)];

    /// <summary>What was awarded, would not be awarded today, and stays, by credential.</summary>
    public IReadOnlyList<PlanLine> Kept => [.. kept.Values.OrderBy(l => l.Credential, StringComparer.Ordinal)];

    /// <summary>What was awarded, would have other dates today, and stays with those that it was given, by credential.</summary>
    public IReadOnlyList<PlanLine> KeptDates => [.. keptDates.Values.OrderBy(l => l.Credential, StringComparer.Ordinal)];

    /// <summary>Completed courses that no rule names, by source and course key, the most frequent first.</summary>
    public IReadOnlyList<UnmatchedCourse> Unmatched =>
        [.. unmatched.Select(u => new UnmatchedCourse(u.Key.Source, u.Key.Course, u.Value)).OrderByDescending(u => u.Completions).ThenBy(u => u.Source, StringComparer.Ordinal).ThenBy(u => u.Course, StringComparer.Ordinal)];

    /// <summary>Adds one person.</summary>
    /// <param name="person">What the ledger holds.</param>
    /// <param name="plan">What would change.</param>
    /// <param name="ruleBook">The rule book, to tell which completions no rule names.</param>
    public void Add(PlanPerson person, PersonPlan plan, RuleBook ruleBook)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ruleBook);
        People++;
        Completions += person.History.Completions.Count;
        Changes += plan.Effects.Count;
        foreach (PlanEffect effect in plan.Effects)
        {
            Line(effects, (effect.Key.Definition, effect.Issuer, effect.Act, effect.Cause), effect.Key.Definition, effect.Issuer, effect.Act, effect.Cause).Count(effect.Key.Subject, effect.EarnedAt);
        }

        foreach (string credential in plan.Expired)
        {
            Line(expired, credential, credential, "", null, null).Count(person.History.Subject, null);
        }

        foreach (IssuanceKey key in plan.Kept)
        {
            Line(kept, key.Definition, key.Definition, "", null, null).Count(key.Subject, null);
        }

        foreach (IssuanceKey key in plan.KeptDates)
        {
            Line(keptDates, key.Definition, key.Definition, "", null, null).Count(key.Subject, null);
        }

        foreach (Completion completion in person.History.Completions)
        {
            if (completion.Status == CompletionStatus.Completed && !ruleBook.Names(completion))
            {
                CountUnmatched(completion.Key.Source, completion.Course.Key, 1);
            }
        }
    }

    /// <summary>Counts completions of a course that no rule names.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="course">Course key.</param>
    /// <param name="count">How many.</param>
    public void CountUnmatched(string source, string course, long count) => unmatched[(source, course)] = unmatched.GetValueOrDefault((source, course)) + count;

    /// <summary>Adds what another one counted; the other's people come after this one's.</summary>
    /// <param name="other">The other.</param>
    public void Add(PlanSummary other)
    {
        ArgumentNullException.ThrowIfNull(other);
        People += other.People;
        Completions += other.Completions;
        Changes += other.Changes;
        Merge(effects, other.effects);
        Merge(expired, other.expired);
        Merge(kept, other.kept);
        Merge(keptDates, other.keptDates);
        foreach (((string source, string course), long count) in other.unmatched)
        {
            CountUnmatched(source, course, count);
        }
    }

    private static PlanLine Line<T>(Dictionary<T, PlanLine> lines, T key, string credential, string issuer, PlanAct? act, string? cause)
        where T : notnull
    {
        if (!lines.TryGetValue(key, out PlanLine? line))
        {
            lines[key] = line = new PlanLine(credential, issuer, act, cause);
        }

        return line;
    }

    private static void Merge<T>(Dictionary<T, PlanLine> into, Dictionary<T, PlanLine> from)
        where T : notnull
    {
        foreach ((T key, PlanLine line) in from)
        {
            Line(into, key, line.Credential, line.Issuer, line.Act, line.Cause).Add(line);
        }
    }
}

/// <summary>Completions of one course that no rule names.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="Course">Course key.</param>
/// <param name="Completions">How many.</param>
public sealed record UnmatchedCourse(string Source, string Course, long Completions);
