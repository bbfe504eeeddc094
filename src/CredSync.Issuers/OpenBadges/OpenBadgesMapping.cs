using System.Globalization;
using CredSync.OpenBadges.Model;

namespace CredSync.Issuers.OpenBadges;

/// <summary>From a request to issue to the credential: pure, so the same request always gives the same credential.</summary>
internal static class OpenBadgesMapping
{
    public static AchievementCredential Map(IssuanceRequest request, OpenBadgesFacts issuer)
    {
        CredentialFacts facts = request.Credential;
        Result? result = facts.IncludeResult ? MapResult(request, issuer) : null;
        return new()
        {
            Id = issuer.CredentialId(request.IssuanceId),
            Name = facts.Name,
            Issuer = issuer.Profile,
            ValidFrom = request.IssuedAt,
            ValidUntil = request.Award.ExpiresAt,
            AwardedDate = request.Award.EarnedAt,
            Subject = new()
            {
                Id = issuer.SubjectId(request.Recipient.SubjectId),
                Identifiers = [.. MapIdentifiers(request, issuer)],
                Achievement = MapAchievement(facts, issuer.AchievementId(facts.Id), issuer.Address is null ? null : PictureOf(issuer.AchievementId(facts.Id), facts), result is null ? null : MapResultDescription(request, issuer)),
                ActivityEndDate = request.Award.EarnedAt,
                Results = result is null ? [] : [result],
            },
            Evidence = [.. request.Award.EarnedBy.Select(MapEvidence)],
            Status = issuer.Status(request.StatusNumber),
        };
    }

    /// <summary>The definition as it is published by itself.</summary>
    /// <param name="facts">Its facts as they are in force.</param>
    /// <param name="address">The public base address.</param>
    public static Achievement Achievement(CredentialFacts facts, string address)
    {
        string id = OpenBadgesFacts.AchievementId(address, facts.Id);
        return MapAchievement(facts, id, PictureOf(id, facts), null);
    }

    /// <summary>The definition of an issuer without an address.</summary>
    public static Achievement Achievement(CredentialFacts facts, OpenBadgesFacts issuer) => MapAchievement(facts, issuer.AchievementId(facts.Id), null, null);

    private static IEnumerable<IdentityObject> MapIdentifiers(IssuanceRequest request, OpenBadgesFacts issuer)
    {
        if (!string.IsNullOrWhiteSpace(request.Recipient.Email))
        {
            yield return IdentityObject.ForEmail(request.Recipient.Email, issuer.Salt(request.IssuanceId));
        }

        if (issuer.ShowsName && !string.IsNullOrWhiteSpace(request.Recipient.Name))
        {
            yield return new() { Hashed = false, IdentityType = "name", IdentityHash = request.Recipient.Name };
        }
    }

    private static Image PictureOf(string achievement, CredentialFacts facts) => new() { Id = achievement + "/image.png", Caption = $"Badge: {facts.Name}" };

    private static Achievement MapAchievement(CredentialFacts facts, string id, Image? picture, ResultDescription? result) => new()
    {
        Id = id,
        Image = picture,
        AchievementType = facts.AchievementType,
        Name = facts.Name,
        Description = facts.Description,
        Criteria = new() { Id = WebAddress(facts.CriteriaUrl), Narrative = facts.Criteria },
        Creator = null,
        Version = facts.Version,
        Alignments = [.. facts.Skills.Where(static s => WebAddress(s.Url) is not null).Select(MapSkill)],
        ResultDescriptions = result is null ? [] : [result],
        // A skill without a page cannot be an alignment, which needs an address; its name is still worth finding.
        Tags = [.. facts.Tags.Concat(facts.Skills.Where(static s => WebAddress(s.Url) is null).Select(static s => s.Name)).Distinct(StringComparer.Ordinal)],
    };

    private static Alignment MapSkill(Skill skill) => new()
    {
        TargetName = skill.Name,
        TargetUrl = WebAddress(skill.Url)!,
        TargetCode = skill.Code,
        TargetFramework = skill.Framework,
    };

    private static Evidence MapEvidence(EarnedBy earned) => new()
    {
        Id = WebAddress(earned.CertificateUrl),
        Name = earned.CourseTitle,
        Narrative = string.Create(CultureInfo.InvariantCulture, $"Completed on {earned.CompletedAt.UtcDateTime:yyyy-MM-dd}."),
        Genre = "Course completion",
    };

    private static Result? MapResult(IssuanceRequest request, OpenBadgesFacts issuer) => ResultValue(request.Award) is not { } value ? null : new()
    {
        ResultDescription = issuer.ResultDescriptionId(request.Credential.Id),
        Value = value,
        Status = "Completed",
    };

    private static ResultDescription MapResultDescription(IssuanceRequest request, OpenBadgesFacts issuer)
    {
        bool percent = request.Award.ScoreScaled is not null;
        return new()
        {
            Id = issuer.ResultDescriptionId(request.Credential.Id),
            Name = "Final result",
            ResultType = percent ? "Percent" : "Result",
            ValueMin = percent ? "0" : null,
            ValueMax = percent ? "100" : null,
        };
    }

    private static string? ResultValue(AwardFacts award) => award.ScoreScaled is { } scaled
        ? (scaled * 100m).ToString("0.####", CultureInfo.InvariantCulture)
        : award.ScoreText;

    // Anything but an absolute address without stray characters breaks the signed form, and verifiers refuse the whole credential.
    private static string? WebAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http"
        ? Uri.IsWellFormedUriString(url, UriKind.Absolute) ? url : address.AbsoluteUri
        : null;
}
