using CredSync.Completions;
using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>The facts of an award, and what stands in its way.</summary>
internal static class Awards
{
    public static AwardFacts Of(CredentialDefinition definition, long when, List<Choice> chosen)
    {
        var earnedAt = new DateTimeOffset(when, TimeSpan.Zero);
        Completion[] completions = Completions(chosen);
        return new AwardFacts
        {
            EarnedAt = earnedAt,
            ExpiresAt = definition.Validity?.For.After(earnedAt),
            // Of several results none is the result of the whole.
            ScoreScaled = completions is [{ } only] ? ScoreCondition.FractionOf(only.Score) : null,
            ScoreText = completions is [{ } sole] ? sole.Score?.Text : null,
            EarnedBy = completions is [{ CompletedAt: not null } dated] ? [EarnedBy(dated)] : [.. completions.Where(c => c.CompletedAt is not null).Select(EarnedBy)],
        };
    }

    /// <summary>Whether two awards say the same.</summary>
    public static bool AreSame(AwardFacts? a, AwardFacts? b) => a is null || b is null
        ? a is null && b is null
        : a.EarnedBy.SequenceEqual(b.EarnedBy) && a with { EarnedBy = b.EarnedBy } == b;

    public static string Reason(long when, List<Choice> chosen)
    {
        if (chosen is [{ Completion: { } only }])
        {
            return string.Concat(["earned on ", RuleWords.Date(when), " by ", only.Course.Key, " on ", only.Key.Source]);
        }

        IEnumerable<string> facts = Completions(chosen).Select(c => $"{c.Course.Key} on {c.Key.Source}")
            .Concat(chosen.Where(c => c.Credential is not null).Select(c => $"credential {c.Credential}"));
        return $"earned on {RuleWords.Date(when)} by {string.Join(", ", facts.Distinct(StringComparer.Ordinal))}";
    }

    public static string? HoldCause(Fulfilment fulfilment, AwardFacts? award, DateTimeOffset latest) =>
        fulfilment.HoldCause is { } cause ? cause
        : award is null ? HoldCauses.EarnedDateUnknown
        : award.EarnedAt > latest ? HoldCauses.EarnedDateInFuture
        : null;

    public static string? ApprovalCause(CompiledDefinition definition) => definition.Definition.Approval is null ? null : HoldCauses.Approval;

    public static string HoldReason(string cause) => cause switch
    {
        HoldCauses.EarnedDateUnknown => "earned, but the platform does not say when",
        HoldCauses.EarnedDateInFuture => "the completion that earns it is dated in the future",
        HoldCauses.ConsentMissing => "earned, but the person's consent is missing",
        HoldCauses.CohortUnknown => "earned, but the platform does not say in which run of the course",
        HoldCauses.Approval => "earned, and waits for approval",
        HoldCauses.NoLongerEarned => "what earned it does not count any more",
        HoldCauses.RevocationRequired => "what earned it was withdrawn, revoked or is no longer good enough; the credential is to be revoked",
        _ => "what earned it was withdrawn, revoked or is no longer good enough; the credential is to be reviewed",
    };

    public static string Remedy(string cause, CredentialDefinition definition) => cause switch
    {
        HoldCauses.EarnedDateUnknown => "An operator enters the date from the platform's own records, or the platform states it and the next reading settles it.",
        HoldCauses.EarnedDateInFuture => "The platform's administrator corrects the date or the clock; the next reading after that settles it.",
        HoldCauses.ConsentMissing => "The person consents on the platform or in the directory, and the next reading settles it.",
        HoldCauses.CohortUnknown => "The platform's administrator enters the run, or the definition asks for another occurrence than per-cohort.",
        HoldCauses.Approval => $"Somebody in the role {definition.Approval!.By} approves or refuses it{(definition.Approval.Because is { } because ? $": {because.TrimEnd('.')}" : "")}.",
        HoldCauses.RevocationRequired => "It is revoked at its issuer when its time of grace is over; until then the platform may put it right, or an operator lets it stay.",
        _ => "Somebody who answers for the credential says whether it stays or is revoked at the issuer.",
    };

    private static Completion[] Completions(List<Choice> chosen)
    {
        if (chosen is [{ Completion: { } only }])
        {
            return [only];
        }

        Completion[] completions = [.. chosen.Select(c => c.Completion).OfType<Completion>().DistinctBy(c => c.Key)];
        Array.Sort(completions, static (a, b) =>
        {
            int order = Nullable.Compare(a.CompletedAt, b.CompletedAt);
            return order != 0 ? order : CourseNode.ComesBefore(a, b) ? -1 : CourseNode.ComesBefore(b, a) ? 1 : 0;
        });
        return completions;
    }

    private static EarnedBy EarnedBy(Completion completion) => new(
        completion.Key.Source,
        string.IsNullOrWhiteSpace(completion.Course.Title) ? completion.Course.Key : completion.Course.Title,
        completion.CompletedAt!.Value.ToUniversalTime(),
        completion.CertificateUrl?.OriginalString);
}
