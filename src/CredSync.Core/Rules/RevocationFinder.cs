using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

/// <summary>Finds issuances whose right has gone because a completion was withdrawn or revoked, or a credential that they rest on was taken back, and proposes what to do.</summary>
internal static class RevocationFinder
{
    /// <summary>Finds them.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="evaluation">The facts.</param>
    /// <param name="setting">The time zone and the like.</param>
    /// <param name="alsoHeld">Whether those that are held and were never handed to their issuer are wanted too.</param>
    public static IEnumerable<Decision.Hold> Find(CompiledDefinition definition, Evaluation evaluation, RuleBookSetting setting, bool alsoHeld = false)
    {
        CredentialDefinition what = definition.Definition;
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            bool isHeld = held.State == IssuanceState.Held && !(alsoHeld && held.Waits && held.Cause is not (HoldCauses.NoLongerEarned or HoldCauses.SameAsAnother));
            if (held.Key.Definition != what.Id || isHeld || held.State is IssuanceState.Refused or IssuanceState.Revoked || !HasGone(definition, evaluation, held, setting))
            {
                continue;
            }

            yield return Review(definition, evaluation, held);
        }
    }

    /// <summary>Finds issuances that earlier facts earned and the present ones do not: a grade that dropped, a completion that was undone.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="before">The facts before.</param>
    /// <param name="now">The facts now.</param>
    /// <param name="setting">The time zone and the like.</param>
    public static IEnumerable<Decision.Hold> FindDropped(CompiledDefinition definition, Evaluation before, Evaluation now, RuleBookSetting setting)
    {
        foreach (HeldIssuance held in now.History.Issuances)
        {
            if (held.Key.Definition == definition.Definition.Id && held.State is not (IssuanceState.Held or IssuanceState.Refused or IssuanceState.Revoked)
                && !IsFulfilled(definition, now, held, setting) && IsFulfilled(definition, before, held, setting))
            {
                yield return Review(definition, now, held);
            }
        }
    }

    /// <summary>Whether the facts still earn an issuance.</summary>
    public static bool IsFulfilled(CompiledDefinition definition, Evaluation evaluation, HeldIssuance held, RuleBookSetting setting)
    {
        string occurrence = BaseOf(held.Key.Occurrence);
        if (definition.IsRenewable || definition.Definition.Occurrence == Occurrence.Each)
        {
            Completion[] behind = Behind(definition, evaluation, occurrence, held);
            if (behind.Length > 0 && !behind.Any(c => StillCounts(definition, evaluation, c)))
            {
                return false;
            }
        }

        if (definition.Definition.Occurrence == Occurrence.Each && !definition.AsksForCredentials)
        {
            return true;
        }

        Scope[] scopes = Scopes(definition, evaluation, occurrence, held, setting);
        return (scopes.Length == 0 && definition.Definition.Occurrence == Occurrence.Each) || scopes.Any(s => OccurrenceFinder.Fulfilled(definition, evaluation, s) != When.Never);
    }

    private static bool StillCounts(CompiledDefinition definition, Evaluation evaluation, Completion completion)
    {
        evaluation.Scope = new Scope { Only = completion };
        evaluation.ValidAt = null;
        return definition.Earn.Leaves().OfType<CourseNode>().Any(l => l.When(evaluation, When.Start, When.End) != When.Never);
    }

    // The proposal is about the line that the ledger holds, which may be that of a person merged into this one.
    private static Decision.Hold Review(CompiledDefinition definition, Evaluation evaluation, HeldIssuance held)
    {
        CredentialDefinition what = definition.Definition;
        string cause = what.OnRevoked == RevocationPolicy.Revoke ? HoldCauses.RevocationRequired : HoldCauses.RevocationReview;
        evaluation.Scope = default;
        evaluation.ValidAt = null;
        return new Decision.Hold
        {
            Definition = what.Id,
            Subject = held.Key.Subject,
            Reason = Awards.HoldReason(cause),
            Trace = definition.Earn.Trace(evaluation, When.Start, When.End),
            Occurrence = held.Key.Occurrence,
            Issuer = IssuerOf(definition, held.Key.Occurrence),
            Cause = cause,
            Remedy = Awards.Remedy(cause, what),
            Within = what.Grace,
        };
    }

    // Nothing that counts fulfils the rule any more, but it would be fulfilled if what was withdrawn, revoked or taken back still counted.
    private static bool HasGone(CompiledDefinition definition, Evaluation evaluation, HeldIssuance held, RuleBookSetting setting)
    {
        string occurrence = BaseOf(held.Key.Occurrence);
        if (definition.IsRenewable || definition.Definition.Occurrence == Occurrence.Each)
        {
            Completion[] behind = Behind(definition, evaluation, occurrence, held);
            if (behind.Length > 0 && behind.All(Evaluation.IsLapsed))
            {
                return true;
            }
        }

        if (definition.Definition.Occurrence == Occurrence.Each && !evaluation.HasLapsedCredentials)
        {
            return false;
        }

        foreach (Scope scope in Scopes(definition, evaluation, occurrence, held, setting))
        {
            if (OccurrenceFinder.Fulfilled(definition, evaluation, scope) != When.Never)
            {
                return false;
            }
        }

        evaluation.CountsLapsed = true;
        try
        {
            return Scopes(definition, evaluation, occurrence, held, setting).Any(s => OccurrenceFinder.Fulfilled(definition, evaluation, s) != When.Never);
        }
        finally
        {
            evaluation.CountsLapsed = false;
        }
    }

    private static Scope[] Scopes(CompiledDefinition definition, Evaluation evaluation, string occurrence, HeldIssuance held, RuleBookSetting setting)
    {
        switch (definition.Definition.Occurrence)
        {
            case Occurrence.PerYear when OccurrenceFinder.IsYear(occurrence):
                return [OccurrenceFinder.YearScope(int.Parse(occurrence, CultureInfo.InvariantCulture), setting)];
            case Occurrence.PerCohort:
                Scope[] runs = [.. Runs(evaluation.Completions).Where(r => OccurrenceFinder.NameOfRun(r) == occurrence).Select(r => new Scope { Run = r })];
                return runs.Length > 0 ? runs : [.. Runs(OfDate(definition, evaluation, held)).Select(r => new Scope { Run = r })];
            case Occurrence.Each:
                return [.. Behind(definition, evaluation, occurrence, held).Select(c => new Scope { Only = c })];
            default:
                return [default];
        }
    }

    private static IEnumerable<string> Runs(IEnumerable<Completion> completions) => completions.Select(c => c.Course.Run).OfType<string>().Distinct(StringComparer.Ordinal);

    // What a single completion stands behind: the one that it is named by; where it was named while the definition had another occurrence, those of its date.
    private static Completion[] Behind(CompiledDefinition definition, Evaluation evaluation, string occurrence, HeldIssuance held)
    {
        Completion[] named = [.. evaluation.NamedBy(occurrence)];
        return named.Length == 0 && definition.Definition.Occurrence == Occurrence.Each ? [.. OfDate(definition, evaluation, held)] : named;
    }

    private static IEnumerable<Completion> OfDate(CompiledDefinition definition, Evaluation evaluation, HeldIssuance held)
    {
        if (held.EarnedAt is not { } earned)
        {
            return [];
        }

        CourseNode[] courses = [.. definition.Earn.Leaves().OfType<CourseNode>()];
        return evaluation.Completions.Where(c => c.CompletedAt?.UtcTicks == earned.UtcTicks && Array.Exists(courses, l => l.Identifies(c)));
    }

    private static string BaseOf(string occurrence)
    {
        int at = occurrence.LastIndexOf('@');
        return at < 0 ? occurrence : occurrence[..at];
    }

    private static string IssuerOf(CompiledDefinition definition, string occurrence)
    {
        for (int i = 1; i < definition.Suffixes.Length; i++)
        {
            if (occurrence.EndsWith(definition.Suffixes[i], StringComparison.Ordinal))
            {
                return definition.Definition.Issuers[i].Issuer;
            }
        }

        return definition.Definition.Issuer;
    }
}
