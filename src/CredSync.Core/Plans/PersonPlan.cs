using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What the rule book in force would change for one person. Pure: the same person, rule book, scope and present give the same plan.</summary>
/// <param name="Effects">The changes: stops, then the others, a credential before those that ask for it.</param>
/// <param name="Expired">Ids of credentials that were earned and have expired already, so that nothing is issued.</param>
/// <param name="Kept">Keys of what was awarded, is valid, and would not be awarded today; it stays.</param>
/// <param name="Decisions">All decisions that the effects rest on.</param>
public sealed record PersonPlan(IReadOnlyList<PlanEffect> Effects, IReadOnlyList<string> Expired, IReadOnlyList<IssuanceKey> Kept, IReadOnlyList<Decision> Decisions)
{
    /// <summary>Plans for one person.</summary>
    /// <param name="ruleBook">The rule book.</param>
    /// <param name="person">What the ledger holds of the person.</param>
    /// <param name="scope">What part is wanted.</param>
    /// <param name="now">The present, UTC.</param>
    public static PersonPlan Of(RuleBook ruleBook, PlanPerson person, PlanScope scope, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ruleBook);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(scope);
        List<PlanEffect>? effects = null;
        PersonHistory history = person.Unsent.Count == 0 ? person.History : Stop(ruleBook, person, now, ref effects);
        IReadOnlyList<Decision> decisions = ruleBook.Decide(history, now);
        List<string>? expired = null;
        foreach (Decision decision in decisions)
        {
            if (decision is Decision.Skip skip)
            {
                if (skip.ExpiredAt is not null)
                {
                    (expired ??= []).Add(skip.Definition);
                }
            }
            else if (EffectOf(decision, person) is { } effect)
            {
                (effects ??= []).Add(effect);
            }
        }

        List<IssuanceKey>? kept = person.History.Issuances.Count == 0 ? null : Staying(ruleBook, person.History, now);
        return effects is null && expired is null && kept is null
            ? new PersonPlan([], [], [], decisions)
            : InScope(new PersonPlan(effects ?? [], expired ?? [], kept ?? [], decisions), ruleBook, scope);
    }

    private static PlanEffect? EffectOf(Decision decision, PlanPerson person) => decision switch
    {
        Decision.Issue issue => new PlanEffect
        {
            Key = new IssuanceKey(issue.Definition, issue.Subject, issue.Occurrence),
            Act = PlanAct.Award,
            Issuer = issue.Issuer,
            EarnedAt = issue.Award.EarnedAt,
            Decision = issue,
        },
        Decision.Hold hold when new IssuanceKey(hold.Definition, hold.Subject, hold.Occurrence) is var key
            && !(HoldCauses.IsReview(hold.Cause) && person.Reviewed.Contains(key)) && !HasLeft(key, person) => new PlanEffect
            {
                Key = key,
                Act = PlanAct.Hold,
                Issuer = hold.Issuer,
                Cause = hold.Cause,
                EarnedAt = hold.Award?.EarnedAt,
                Decision = hold,
            },
        _ => null,
    };

    // What the queue may have taken already is not kept back.
    private static bool HasLeft(IssuanceKey key, PlanPerson person) =>
        person.History.Issuances.Any(i => i.Key == key && i.State == IssuanceState.Planned) && !person.Unsent.Contains(key);

    // What has not left and is not earned any more is stopped; nothing may rest on it. Gives the history as it is then.
    private static PersonHistory Stop(RuleBook ruleBook, PlanPerson person, DateTimeOffset now, ref List<PlanEffect>? effects)
    {
        // From the facts and what has left alone; then with what stays because of them, for what rests on it, until nothing more stays.
        HashSet<IssuanceKey> unsent = [.. person.Unsent];
        Guid subject = person.History.Subject;
        var earned = new HashSet<IssuanceKey>();
        int before;
        do
        {
            before = earned.Count;
            HeldIssuance[] sure = [.. person.History.Issuances.Where(i => !unsent.Contains(i.Key) || earned.Contains(i.Key))];
            HashSet<IssuanceKey> today = Earned(ruleBook, person.History with { Issuances = sure }, now);
            earned.UnionWith(unsent.Where(key => today.Contains(Plain(key, subject))));
        }
        while (earned.Count > before && earned.Count < unsent.Count);

        HeldIssuance[] issuances = [.. person.History.Issuances];
        for (int i = 0; i < issuances.Length; i++)
        {
            HeldIssuance held = issuances[i];
            if (unsent.Contains(held.Key) && held.Cause is not (HoldCauses.NoLongerEarned or HoldCauses.SameAsAnother) && !earned.Contains(held.Key))
            {
                (effects ??= []).Add(new PlanEffect { Key = held.Key, Act = PlanAct.Stop, Issuer = "", Cause = HoldCauses.NoLongerEarned, EarnedAt = held.EarnedAt });
                issuances[i] = held with { State = IssuanceState.Held, Cause = HoldCauses.NoLongerEarned };
            }
        }

        return effects is null ? person.History : person.History with { Issuances = issuances };
    }

    // What has left stays, and is only told.
    private static List<IssuanceKey>? Staying(RuleBook ruleBook, PersonHistory history, DateTimeOffset now)
    {
        List<IssuanceKey>? kept = null;
        HashSet<IssuanceKey>? today = null;
        foreach (HeldIssuance held in history.Issuances)
        {
            if (held.State is IssuanceState.Sent or IssuanceState.Issued && (held.ExpiresAt is not { } expires || expires > now))
            {
                today ??= Earned(ruleBook, history with { Issuances = [] }, now);
                if (!today.Contains(Plain(held.Key, history.Subject)))
                {
                    (kept ??= []).Add(held.Key);
                }
            }
        }

        return kept;
    }

    private static HashSet<IssuanceKey> Earned(RuleBook ruleBook, PersonHistory history, DateTimeOffset now)
    {
        var earned = new HashSet<IssuanceKey>();
        foreach (Decision decision in ruleBook.Decide(history, now))
        {
            string? occurrence = (decision as Decision.Issue)?.Occurrence ?? (decision as Decision.Hold)?.Occurrence;
            if (occurrence is not null)
            {
                earned.Add(new IssuanceKey(decision.Definition, decision.Subject, occurrence));
            }
        }

        return earned;
    }

    // What somebody who was merged into this person had is the same right under another key.
    private static IssuanceKey Plain(IssuanceKey key, Guid subject) => key.Subject == subject ? key : new IssuanceKey(key.Definition, subject, key.Occurrence);

    private static PersonPlan InScope(PersonPlan plan, RuleBook ruleBook, PlanScope scope)
    {
        if (scope.Credential is null && !scope.IsDated)
        {
            return plan;
        }

        IReadOnlySet<string>? credentials = scope.Credential is { } only ? PlanScope.WithNeeded(ruleBook, only) : null;
        bool Wanted(string credential) => credentials is null || credentials.Contains(credential);
        List<PlanEffect> effects = [.. plan.Effects.Where(e => Wanted(e.Key.Definition) && scope.Holds(e.EarnedAt))];
        if (scope.IsDated)
        {
            // An award rests on those that its rule asks for, whenever they were earned: without them it would not come.
            HashSet<string> asked = [.. effects.Where(e => e.Act == PlanAct.Award).SelectMany(e => PlanScope.WithNeeded(ruleBook, e.Key.Definition))];
            effects = [.. plan.Effects.Where(e => effects.Contains(e) || (e.Act == PlanAct.Award && asked.Contains(e.Key.Definition)))];
        }

        return plan with
        {
            Effects = effects,
            Expired = scope.IsDated ? [] : [.. plan.Expired.Where(Wanted)],
            Kept = scope.IsDated ? [] : [.. plan.Kept.Where(k => Wanted(k.Definition))],
        };
    }
}
