using System.Runtime.InteropServices;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>Lets the lines of a person that have not left follow the facts, so that it does not matter in which order these came.</summary>
internal static class WaitingLines
{
    /// <summary>Decides after facts changed.</summary>
    /// <param name="history">The person now.</param>
    /// <param name="before">The completions before.</param>
    /// <param name="decide">Decides about a history.</param>
    /// <param name="trace">How the rule of a definition comes out for a history.</param>
    public static IReadOnlyList<Decision> Decide(
        PersonHistory history, IReadOnlyList<Completion> before, Func<PersonHistory, IReadOnlyList<Decision>> decide, Func<PersonHistory, string, RuleTrace> trace)
    {
        HeldIssuance[] waiting = [.. history.Issuances.Where(Follows)];
        if (waiting.Length == 0)
        {
            return decide(history);
        }

        // From the facts and from what has left alone, then and now.
        HeldIssuance[] left = [.. history.Issuances.Where(i => !Follows(i))];
        Dictionary<(string, string), Decision> then = ByOccurrence(decide(history with { Completions = before, Issuances = left }));
        Dictionary<(string, string), Decision> today = ByOccurrence(decide(history with { Issuances = left }));
        List<HeldIssuance> rest = [.. left];
        List<(HeldIssuance Line, Decision Then)> own = [];
        List<(HeldIssuance Line, Decision Then)> gone = [];
        List<Decision> decisions = [];
        foreach (HeldIssuance line in waiting)
        {
            if (!then.TryGetValue(NameOf(line), out Decision? was))
            {
                // An earlier rule book planned it, or it was given under another name: what facts say now does not bear on it.
                rest.Add(line);
            }
            else if (!today.TryGetValue(NameOf(line), out Decision? present))
            {
                gone.Add((line, was));
            }
            else if (line.State == IssuanceState.Planned ? was is Decision.Issue : was is Decision.Hold)
            {
                own.Add((line, was));
            }
            else
            {
                // Somebody approved it or entered its date: it stands as they left it, with the facts as they are now.
                rest.Add(line);
                if (line.State == IssuanceState.Planned && present is not Decision.Hold { Cause: HoldCauses.ConsentMissing } && AwardOf(present) is { } award && !Awards.AreSame(award, AwardOf(was)))
                {
                    decisions.Add(Approved(line, present, award));
                }
            }
        }

        PersonHistory standing = history with { Issuances = rest };

        // People who were merged may have two of a name: each is met in its turn.
        Dictionary<(string, string), Queue<int>> places = [];
        for (int i = 0; i < own.Count; i++)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(places, NameOf(own[i].Line), out _) ??= new Queue<int>()).Enqueue(i);
        }

        foreach (Decision decision in decide(standing))
        {
            if (OccurrenceOf(decision) is not { } occurrence || !places.TryGetValue((decision.Definition, occurrence), out Queue<int>? waits) || !waits.TryDequeue(out int at))
            {
                decisions.Add(decision);
                continue;
            }

            if (Follow(own[at].Line, own[at].Then, decision) is { } changed)
            {
                decisions.Add(changed);
            }
        }

        HashSet<int> unmet = [.. places.Values.SelectMany(p => p)];
        decisions.AddRange(gone.Concat(own.Where((_, i) => unmet.Contains(i))).Select(g => Stop(g.Line, g.Then, trace(standing, g.Line.Key.Definition))));
        return decisions;
    }

    // What the rule book itself planned or held, or what waits for somebody who may look at facts that are no longer so.
    private static bool Follows(HeldIssuance line) => line.Waits && (line.State == IssuanceState.Planned
        || (line.State == IssuanceState.Held && line.Cause is HoldCauses.Approval or HoldCauses.ConsentMissing or HoldCauses.EarnedDateUnknown or HoldCauses.EarnedDateInFuture or HoldCauses.CohortUnknown));

    // What becomes of a line that is still earned; null when it stays as it is.
    private static Decision? Follow(HeldIssuance line, Decision then, Decision now)
    {
        bool isSame = Awards.AreSame(AwardOf(now), AwardOf(then));
        Decision mine = now with { Subject = line.Key.Subject };
        return (line.State, now) switch
        {
            (IssuanceState.Planned, Decision.Issue) => isSame ? null : mine with { Revises = true },
            (IssuanceState.Planned, _) => mine with { Revises = true },
            (_, Decision.Hold hold) when hold.Cause == line.Cause => isSame ? null : mine with { Revises = true },

            // Whoever was asked answers, also when the rules would not ask any more.
            (_, Decision.Issue) when line.Cause == HoldCauses.Approval => null,
            _ => mine,
        };
    }

    private static Decision.Issue Approved(HeldIssuance line, Decision now, AwardFacts award) => new()
    {
        Definition = now.Definition,
        Subject = line.Key.Subject,
        Reason = $"earned on {RuleWords.Date(award.EarnedAt.UtcTicks)}",
        Trace = now.Trace,
        Occurrence = line.Key.Occurrence,
        Award = award,
        Issuer = IssuerOf(now),
        Revises = true,
    };

    private static Decision.Hold Stop(HeldIssuance line, Decision then, RuleTrace trace) => new()
    {
        Definition = then.Definition,
        Subject = line.Key.Subject,
        Reason = Awards.HoldReason(HoldCauses.NoLongerEarned),
        Trace = trace,
        Occurrence = line.Key.Occurrence,
        Award = AwardOf(then),
        Issuer = IssuerOf(then),
        Cause = HoldCauses.NoLongerEarned,
        Remedy = "What earned it does not count any more; it is decided again when the facts change.",
        Revises = true,
    };

    private static Dictionary<(string, string), Decision> ByOccurrence(IReadOnlyList<Decision> decisions)
    {
        var found = new Dictionary<(string, string), Decision>();
        foreach (Decision decision in decisions)
        {
            if (OccurrenceOf(decision) is { } occurrence)
            {
                found.TryAdd((decision.Definition, occurrence), decision);
            }
        }

        return found;
    }

    // A question about what has left is none about a line that waits.
    private static string? OccurrenceOf(Decision decision) => decision switch
    {
        Decision.Issue issue => issue.Occurrence,
        Decision.Hold hold when !HoldCauses.IsReview(hold.Cause) => hold.Occurrence,
        _ => null,
    };

    private static AwardFacts? AwardOf(Decision decision) => (decision as Decision.Issue)?.Award ?? (decision as Decision.Hold)?.Award;

    private static string IssuerOf(Decision decision) => (decision as Decision.Issue)?.Issuer ?? (decision as Decision.Hold)?.Issuer ?? "";

    private static (string, string) NameOf(HeldIssuance line) => (line.Key.Definition, line.Key.Occurrence);
}
