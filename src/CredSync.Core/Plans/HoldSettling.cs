using CredSync.Core.Rules;
using CredSync.Issuers;

namespace CredSync.Core.Plans;

/// <summary>Which holds a person may settle, and how.</summary>
public static class HoldSettling
{
    /// <summary>Why a held issuance cannot be approved by hand.</summary>
    /// <param name="cause">Why it is held.</param>
    /// <param name="wasSent">Whether it was sent to its issuer before, so that the doubt lies there.</param>
    /// <param name="hasDate">Whether an earned date is known or was entered.</param>
    /// <returns>One sentence that says what to do instead; null when it can be approved.</returns>
    public static string? WhyNot(string? cause, bool wasSent, bool hasDate) => cause switch
    {
        _ when wasSent => "it was sent before, so the issuer must be asked first: approving it could mint it twice",
        HoldCauses.SameAsAnother => "the person has the same one under another key; unmerge them first if they are not one",
        HoldCauses.NoLongerEarned => "nothing earns it any more; it comes back by itself when the facts do, or by a plan when the rule does",
        HoldCauses.ConsentMissing => "the person has not consented; only their consent on the platform or in the directory releases it",
        HoldCauses.EarnedDateUnknown or HoldCauses.EarnedDateInFuture when !hasDate => "its earned date is not known; give it with --earned, from the platform's own records",
        _ when !hasDate => "its earned date is not known; give it with --earned, from the platform's own records",
        _ => null,
    };

    /// <summary>The facts of an award whose date a person entered.</summary>
    /// <param name="definition">The definition in force; null when there is none any more, and then it does not expire.</param>
    /// <param name="award">The facts that are known; null when none are.</param>
    /// <param name="earned">The day on which it was earned, UTC.</param>
    public static AwardFacts WithDate(CredentialDefinition? definition, AwardFacts? award, DateOnly earned)
    {
        var at = new DateTimeOffset(earned.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return (award ?? new AwardFacts { EarnedAt = at }) with { EarnedAt = at, ExpiresAt = definition?.Validity?.For.After(at) };
    }
}
