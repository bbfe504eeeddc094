using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Issuers;

namespace CredSync.Core.Plans;

/// <summary>What the rule book in force would change for one person. Pure: the same person, rule book, scope and present give the same plan.</summary>
/// <param name="Effects">The changes: stops and revisions, then the others, a credential before those that ask for it.</param>
/// <param name="Expired">Ids of credentials that were earned and have expired already, so that nothing is issued.</param>
/// <param name="Kept">Keys of what was awarded, is valid, and would not be awarded today; it stays.</param>
/// <param name="KeptDates">Keys of what was awarded, is valid, and would have other dates today (earned, or expires); it stays with those that it was given.</param>
/// <param name="Decisions">All decisions that the effects rest on.</param>
public sealed record PersonPlan(
    IReadOnlyList<PlanEffect> Effects, IReadOnlyList<string> Expired, IReadOnlyList<IssuanceKey> Kept, IReadOnlyList<IssuanceKey> KeptDates, IReadOnlyList<Decision> Decisions)
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

        (List<IssuanceKey>? kept, List<IssuanceKey>? dates) = person.History.Issuances.Count == 0 ? default : Staying(ruleBook, person.History, now);
        return effects is null && expired is null && kept is null && dates is null
            ? new PersonPlan([], [], [], [], decisions)
            : InScope(new PersonPlan(effects ?? [], expired ?? [], kept ?? [], dates ?? [], decisions), ruleBook, scope);
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

    // What has not left and is not earned any more is stopped, and nothing may rest on it; what is still earned gets the dates of the rule book in force. Gives the history as it is then.
    private static PersonHistory Stop(RuleBook ruleBook, PlanPerson person, DateTimeOffset now, ref List<PlanEffect>? effects)
    {
        // From the facts and what has left alone; then with what stays because of them, for what rests on it, until nothing more stays.
        HashSet<IssuanceKey> unsent = [.. person.Unsent];
        var earned = new Dictionary<IssuanceKey, Decision>();
        int before;
        do
        {
            before = earned.Count;
            HeldIssuance[] sure = [.. person.History.Issuances.Where(i => !unsent.Contains(i.Key)), .. person.History.Issuances.Where(i => earned.ContainsKey(i.Key)).Select(i => AsRevised(i, earned[i.Key]))];
            Dictionary<IssuanceKey, Decision> today = Earned(ruleBook, person.History with { Issuances = sure }, now);
            foreach (IssuanceKey key in unsent)
            {
                if (TodayOf(key, today, person.History, ruleBook) is { } decision)
                {
                    earned.TryAdd(key, decision);
                }
            }
        }
        while (earned.Count > before && earned.Count < unsent.Count);

        HeldIssuance[] issuances = [.. person.History.Issuances];
        for (int i = 0; i < issuances.Length; i++)
        {
            HeldIssuance held = issuances[i];
            if (!unsent.Contains(held.Key) || held.Cause is HoldCauses.NoLongerEarned or HoldCauses.SameAsAnother)
            {
                continue;
            }

            if (!earned.TryGetValue(held.Key, out Decision? today))
            {
                (effects ??= []).Add(new PlanEffect { Key = held.Key, Act = PlanAct.Stop, Issuer = "", Cause = HoldCauses.NoLongerEarned, EarnedAt = held.EarnedAt });
                issuances[i] = held with { State = IssuanceState.Held, Cause = HoldCauses.NoLongerEarned };
            }
            else if (Revised(held, today) is { } effect)
            {
                (effects ??= []).Add(effect);
                issuances[i] = AsRevised(held, today);
            }
        }

        return effects is null ? person.History : person.History with { Issuances = issuances };
    }

    // Only what the rule book would plan or hold in the same way: what somebody settled otherwise, and dates that somebody entered, are theirs.
    private static PlanEffect? Revised(HeldIssuance held, Decision today)
    {
        if (AwardOf(today) is not { } award || HasDates(held, award))
        {
            return null;
        }

        Decision? revised = (held.State, today) switch
        {
            (IssuanceState.Planned, Decision.Issue issue) => issue,
            (IssuanceState.Planned, Decision.Hold { Cause: HoldCauses.Approval } approved) => new Decision.Issue
            {
                Definition = approved.Definition, Subject = approved.Subject, Reason = $"earned on {RuleWords.Date(award.EarnedAt.UtcTicks)}", Trace = approved.Trace, Occurrence = approved.Occurrence,
                Award = award, Issuer = approved.Issuer,
            },
            (IssuanceState.Held, Decision.Hold hold) when hold.Cause == held.Cause => hold,
            _ => null,
        };
        return revised is null ? null : new PlanEffect
        {
            Key = held.Key,
            Act = PlanAct.Revise,
            Issuer = (revised as Decision.Issue)?.Issuer ?? ((Decision.Hold)revised).Issuer,
            Cause = held.Cause,
            EarnedAt = award.EarnedAt,
            Decision = revised with { Subject = held.Key.Subject, Revises = true },
        };
    }

    private static HeldIssuance AsRevised(HeldIssuance held, Decision today) =>
        Revised(held, today) is null ? held : held with { EarnedAt = AwardOf(today)!.EarnedAt, ExpiresAt = AwardOf(today)!.ExpiresAt };

    // What has left stays, and is only told.
    private static (List<IssuanceKey>? Kept, List<IssuanceKey>? Dates) Staying(RuleBook ruleBook, PersonHistory history, DateTimeOffset now)
    {
        List<IssuanceKey>? kept = null;
        List<IssuanceKey>? dates = null;
        Dictionary<IssuanceKey, Decision>? today = null;
        foreach (HeldIssuance held in history.Issuances)
        {
            if (held.State is IssuanceState.Sent or IssuanceState.Issued && (held.ExpiresAt is not { } expires || expires > now))
            {
                today ??= Earned(ruleBook, history with { Issuances = [] }, now);
                if (TodayOf(held.Key, today, history, ruleBook) is not { } decision)
                {
                    (kept ??= []).Add(held.Key);
                }
                else if (AwardOf(decision) is { } award && !HasDates(held, award))
                {
                    (dates ??= []).Add(held.Key);
                }
            }
        }

        return (kept, dates);
    }

    // A credential that is earned once is named by what earned it only where it may be renewed. When its validity came or went, the line that the ledger holds is still the same right.
    private static Decision? TodayOf(IssuanceKey key, Dictionary<IssuanceKey, Decision> today, PersonHistory history, RuleBook ruleBook)
    {
        if (today.TryGetValue(Plain(key, history.Subject), out Decision? decision))
        {
            return decision;
        }

        if (ruleBook.Find(key.Definition) is not { Occurrence: Occurrence.Once })
        {
            return history.Issuances.Where(i => i.Key == key).Select(i => ruleBook.Renamed(history, i, today)).FirstOrDefault();
        }

        (string name, string issuer) = Parts(key.Occurrence);
        Decision? only = null;
        foreach ((IssuanceKey other, Decision candidate) in today)
        {
            (string otherName, string otherIssuer) = Parts(other.Occurrence);
            if (other.Definition == key.Definition && otherIssuer == issuer && name == OccurrenceFinder.Once != (otherName == OccurrenceFinder.Once)
                && !history.Issuances.Any(i => Plain(i.Key, history.Subject) == other))
            {
                if (only is not null)
                {
                    return null;
                }

                only = candidate;
            }
        }

        return only switch
        {
            Decision.Issue issue => issue with { Occurrence = key.Occurrence },
            Decision.Hold hold => hold with { Occurrence = key.Occurrence },
            _ => null,
        };
    }

    private static (string Name, string Issuer) Parts(string occurrence) => occurrence.LastIndexOf('@') is var at and >= 0 ? (occurrence[..at], occurrence[at..]) : (occurrence, "");

    private static bool HasDates(HeldIssuance held, AwardFacts award) => held.EarnedAt?.UtcTicks == award.EarnedAt.UtcTicks && held.ExpiresAt?.UtcTicks == award.ExpiresAt?.UtcTicks;

    private static AwardFacts? AwardOf(Decision decision) => (decision as Decision.Issue)?.Award ?? (decision as Decision.Hold)?.Award;

    private static Dictionary<IssuanceKey, Decision> Earned(RuleBook ruleBook, PersonHistory history, DateTimeOffset now)
    {
        var earned = new Dictionary<IssuanceKey, Decision>();
        foreach (Decision decision in ruleBook.Decide(history, now))
        {
            string? occurrence = (decision as Decision.Issue)?.Occurrence ?? (decision as Decision.Hold)?.Occurrence;
            if (occurrence is not null)
            {
                earned.TryAdd(new IssuanceKey(decision.Definition, decision.Subject, occurrence), decision);
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
            KeptDates = scope.IsDated ? [] : [.. plan.KeptDates.Where(k => Wanted(k.Definition))],
        };
    }
}
