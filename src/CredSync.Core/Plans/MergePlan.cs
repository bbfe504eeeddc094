using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What merging a person into another changes. Pure.</summary>
/// <param name="Duplicates">Issuances that wait and that the other has as well: they are held as <see cref="HoldCauses.SameAsAnother"/>.</param>
/// <param name="Twice">Issuances that both have and that left for both: nothing can be done about them here.</param>
/// <param name="Decisions">What both together earn, or what is held for both together.</param>
public sealed record MergePlan(IReadOnlyList<IssuanceKey> Duplicates, IReadOnlyList<IssuanceKey> Twice, IReadOnlyList<Decision> Decisions)
{
    /// <summary>Plans a merge.</summary>
    /// <param name="ruleBook">The rule book.</param>
    /// <param name="merged">Who is merged.</param>
    /// <param name="survivor">Into whom.</param>
    /// <param name="now">The present, UTC.</param>
    public static MergePlan Of(RuleBook ruleBook, PlanPerson merged, PlanPerson survivor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ruleBook);
        ArgumentNullException.ThrowIfNull(merged);
        ArgumentNullException.ThrowIfNull(survivor);
        List<IssuanceKey> duplicates = [], twice = [];
        Dictionary<(string, string), HeldIssuance> others = [];
        foreach (HeldIssuance held in survivor.History.Issuances.Where(Counts))
        {
            others.TryAdd((held.Key.Definition, held.Key.Occurrence), held);
        }

        HashSet<IssuanceKey> unsent = [.. merged.Unsent, .. survivor.Unsent];
        foreach (HeldIssuance held in merged.History.Issuances.Where(Counts))
        {
            if (!others.TryGetValue((held.Key.Definition, held.Key.Occurrence), out HeldIssuance other))
            {
                continue;
            }

            // Of two that wait the survivor's goes on; one that left cannot be called back.
            (unsent.Contains(held.Key) ? duplicates : unsent.Contains(other.Key) ? duplicates : twice).Add(unsent.Contains(held.Key) ? held.Key : unsent.Contains(other.Key) ? other.Key : held.Key);
        }

        PersonHistory together = survivor.History with
        {
            Completions = [.. survivor.History.Completions, .. merged.History.Completions],
            Issuances = [.. survivor.History.Issuances.Concat(merged.History.Issuances).Select(i => duplicates.Contains(i.Key) ? i with { State = IssuanceState.Held, Cause = HoldCauses.SameAsAnother } : i)],
            Consents = [.. survivor.History.Consents, .. merged.History.Consents],
        };
        return new MergePlan(duplicates, twice, [.. ruleBook.Decide(together, survivor.History.Completions, now).Where(d => d is not Decision.Skip)]);
    }

    private static bool Counts(HeldIssuance held) => held.State is not (IssuanceState.Refused or IssuanceState.Revoked) && held.Cause != HoldCauses.SameAsAnother;
}
