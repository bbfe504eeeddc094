using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

// What a changed rule makes of what was before it: new awards of old facts wait for a plan, and a right keeps the name that it was given (docs/decisions/0016).
public sealed partial class RuleBook
{
    /// <summary>
    /// Leaves out what facts that were known before earn alone, when no new one bears on it and the ledger does not have it: a new or changed rule acts on history through a plan, not because
    /// something else is completed. Rules that ask for credentials are an exception, because what somebody holds changes without a fact, when a credential is approved, say.
    /// </summary>
    /// <param name="decisions">What was decided.</param>
    /// <param name="history">The person's completions and issuances.</param>
    /// <param name="before">Completions that the person certainly had before, as they were then: the same objects where nothing changed. When all are, nothing is left out, for something else did.</param>
    /// <param name="now">The present, UTC.</param>
    public IReadOnlyList<Decision> WithoutHistory(IReadOnlyList<Decision> decisions, PersonHistory history, IReadOnlyList<Completion> before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(before);
        if (before.Count == 0 || !decisions.Any(d => NewName(d, history) is not null))
        {
            return decisions;
        }

        HashSet<Completion> known = new(before, ReferenceEqualityComparer.Instance);
        Completion[] fresh = [.. history.Completions.Where(c => !known.Contains(c))];
        bool MayBeOld(Decision decision) => NewName(decision, history) is { } name && !Array.Exists(fresh, f => BearsOn(f, compiled[ranks[name.Definition]], Parts(name.Occurrence).Name));
        if ((fresh.Length == 0 && before.Count == history.Completions.Count) || !decisions.Any(MayBeOld))
        {
            return decisions;
        }

        PersonHistory earlier = history with { Completions = before };
        HashSet<(string, string)> given = [.. Decide(earlier, now).Select(d => NewName(d, earlier)).OfType<(string, string)>()];
        return given.Count == 0 ? decisions : [.. decisions.Where(d => !MayBeOld(d) || !given.Contains(NewName(d, history)!.Value))];
    }

    // Whether a completion may be among what earns an occurrence: it meets a condition of the rule, and lies where the occurrence does.
    private bool BearsOn(Completion completion, CompiledDefinition definition, string occurrence) =>
        definition.Definition.Occurrence switch
        {
            Occurrence.Each => OccurrenceFinder.NameOf(completion.Key) == occurrence,
            Occurrence.PerYear => completion.CompletedAt is null || !OccurrenceFinder.IsYear(occurrence) || setting.YearOf(completion) == int.Parse(occurrence, CultureInfo.InvariantCulture),
            Occurrence.PerCohort => completion.Course.Run is not { } run || OccurrenceFinder.NameOfRun(run) == occurrence,
            _ => true,
        }
        && definition.Earn.Leaves().OfType<CourseNode>().Any(l => l.Accepts(completion));

    // The name of what the ledger has no line of; null for everything else, and for what rests on credentials.
    private (string Definition, string Occurrence)? NewName(Decision decision, PersonHistory history)
    {
        string? occurrence = decision switch
        {
            Decision.Issue { Revises: false } issue => issue.Occurrence,
            Decision.Hold { Revises: false } hold when !HoldCauses.IsReview(hold.Cause) => hold.Occurrence,
            _ => null,
        };
        return occurrence is not null && !compiled[ranks[decision.Definition]].AsksForCredentials
            && !history.Issuances.Any(i => i.Key.Occurrence == occurrence && i.Key.Definition == decision.Definition) ? (decision.Definition, occurrence) : null;
    }

    /// <summary>What decides today about a line that was named while its definition had another occurrence.</summary>
    /// <param name="history">The person.</param>
    /// <param name="held">The line.</param>
    /// <param name="today">What the rules give today, under the names of today.</param>
    /// <returns>The decision, under the name that the line has; null when the line is named as today, or nothing gives it.</returns>
    internal Decision? Renamed(PersonHistory history, HeldIssuance held, IReadOnlyDictionary<IssuanceKey, Decision> today)
    {
        if (!ranks.TryGetValue(held.Key.Definition, out int rank))
        {
            return null;
        }

        CompiledDefinition definition = compiled[rank];
        (string name, string suffix) = Parts(held.Key.Occurrence);
        var evaluation = new Evaluation(history);
        if (!OccurrenceFinder.IsNamedOtherwise(definition, evaluation, name))
        {
            return null;
        }

        HashSet<(string, string)> taken = [.. history.Issuances.Select(i => (i.Key.Definition, i.Key.Occurrence))];
        Decision? found = null;
        foreach ((IssuanceKey key, Decision decision) in today.OrderBy(t => t.Key.Occurrence, StringComparer.Ordinal))
        {
            (string other, string issuer) = Parts(key.Occurrence);
            DateTimeOffset? earned = decision switch { Decision.Issue issue => issue.Award.EarnedAt, Decision.Hold hold => hold.Award?.EarnedAt, _ => null };
            if (found is null && key.Definition == held.Key.Definition && issuer == suffix && earned is { } at && !taken.Contains((key.Definition, key.Occurrence))
                && OccurrenceFinder.IsSameTime(definition, held, other, at.UtcTicks, setting))
            {
                found = decision switch
                {
                    Decision.Issue issue => issue with { Occurrence = held.Key.Occurrence },
                    Decision.Hold hold => hold with { Occurrence = held.Key.Occurrence },
                    _ => null,
                };
            }
        }

        return found;
    }

    private static (string Name, string Suffix) Parts(string occurrence) => occurrence.LastIndexOf('@') is var at and >= 0 ? (occurrence[..at], occurrence[at..]) : (occurrence, "");
}
