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
            foreach (Completion completion in evaluation.Completions)
            {
                if (OccurrenceFinder.NameOf(completion.Key) == occurrence && !StillCounts(definition, evaluation, completion))
                {
                    return false;
                }
            }
        }

        if (definition.Definition.Occurrence == Occurrence.Each && !definition.AsksForCredentials)
        {
            return true;
        }

        Scope[] scopes = Scopes(definition, evaluation, occurrence, setting);
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
            foreach (Completion completion in evaluation.Completions)
            {
                if (Evaluation.IsLapsed(completion) && OccurrenceFinder.NameOf(completion.Key) == occurrence)
                {
                    return true;
                }
            }
        }

        if (definition.Definition.Occurrence == Occurrence.Each && !evaluation.HasLapsedCredentials)
        {
            return false;
        }

        foreach (Scope scope in Scopes(definition, evaluation, occurrence, setting))
        {
            if (OccurrenceFinder.Fulfilled(definition, evaluation, scope) != When.Never)
            {
                return false;
            }
        }

        evaluation.CountsLapsed = true;
        try
        {
            return Scopes(definition, evaluation, occurrence, setting).Any(s => OccurrenceFinder.Fulfilled(definition, evaluation, s) != When.Never);
        }
        finally
        {
            evaluation.CountsLapsed = false;
        }
    }

    private static Scope[] Scopes(CompiledDefinition definition, Evaluation evaluation, string occurrence, RuleBookSetting setting) =>
        definition.Definition.Occurrence switch
        {
            Occurrence.PerYear when int.TryParse(occurrence, NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year is > 0 and < 10000 =>
                [OccurrenceFinder.YearScope(year, setting)],
            Occurrence.PerCohort => [.. evaluation.Completions.Select(c => c.Course.Run).OfType<string>().Distinct(StringComparer.Ordinal)
                .Where(r => OccurrenceFinder.NameOfRun(r) == occurrence).Select(r => new Scope { Run = r })],
            Occurrence.Each => [.. evaluation.Completions.Where(c => OccurrenceFinder.NameOf(c.Key) == occurrence).Select(c => new Scope { Only = c })],
            _ => [default],
        };

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
