namespace CredSync.Core.Rules;

/// <summary>The causes for which the rule book holds an issuance.</summary>
public static class HoldCauses
{
    /// <summary>A completion that earns it says that the person did not consent, or does not say and the issuer asks for consent.</summary>
    public const string ConsentMissing = "consent-missing";

    /// <summary>The platform says that a course is completed, but not when.</summary>
    public const string EarnedDateUnknown = "earned-date-unknown";

    /// <summary>The completion is dated more than a day ahead of now.</summary>
    public const string EarnedDateInFuture = "earned-date-in-future";

    /// <summary>It is earned once per cohort, and the platform does not say which run the completion belongs to.</summary>
    public const string CohortUnknown = "cohort-unknown";

    /// <summary>A role must approve it.</summary>
    public const string Approval = "approval";

    /// <summary>
    /// A proposal about an issuance that exists already: the completion behind it was withdrawn or revoked, and a person must say whether
    /// the credential stays. The occurrence is that of the existing issuance.
    /// </summary>
    public const string RevocationReview = "revocation-review";

    /// <summary>As <see cref="RevocationReview"/>, but the definition says that the credential is to be revoked.</summary>
    public const string RevocationRequired = "revocation-required";

    /// <summary>It was planned or held, had not been sent, and the rule book in force does not award it any more; a later rule book or fact may award it again.</summary>
    public const string NoLongerEarned = "no-longer-earned";

    /// <summary>It was planned or held, and the person was merged with another who has the same one; unmerging gives it back.</summary>
    public const string SameAsAnother = "same-as-another";

    /// <summary>Whether a hold is a proposal about an issuance that exists already, rather than an issuance that waits.</summary>
    /// <param name="cause">The cause; null gives false.</param>
    public static bool IsReview(string? cause) => cause is RevocationReview or RevocationRequired;

    /// <summary>Whether the rule book may settle such a hold by itself once the facts say more.</summary>
    /// <param name="cause">The cause with which it is held; null when it is not known, which is never settled.</param>
    public static bool IsSettledByFacts(string? cause) => cause is ConsentMissing or EarnedDateUnknown or EarnedDateInFuture or CohortUnknown or NoLongerEarned;
}
