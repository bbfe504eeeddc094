using System.Globalization;
using CredSync.Completions;

namespace CredSync.Sources.Edx;

/// <summary>From grade, certificate and account to a completion. Pure; held by golden files.</summary>
internal static class EdxMapping
{
    /// <summary>The natural key, <c>username|run</c>.</summary>
    public static string KeyOf(string userName, string run) => $"{userName.ToLowerInvariant()}|{run}";

    /// <summary>What a certificate says of a completion; null when it says nothing that counts (still being made, audit modes).</summary>
    /// <param name="certificate">The certificate.</param>
    public static (CompletionStatus Status, string? Reason)? StateOf(EdxCertificate certificate) => certificate.Status switch
    {
        _ when certificate.IsPassing => (CompletionStatus.Completed, null),
        // The platform's own ways to take a certificate back (source-apis.md section 2.3).
        "unavailable" or "invalidated" => (CompletionStatus.Revoked, "certificate_" + certificate.Status),
        "notpassing" or "unverified" => (CompletionStatus.Withdrawn, "certificate_" + certificate.Status),
        _ => null,
    };

    /// <summary>Maps a certificate with what else is known of its holder.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="run">Key of the run.</param>
    /// <param name="grade">The learner's row among the grades.</param>
    /// <param name="certificate">The certificate, with a state that counts.</param>
    /// <param name="account">The account; null when accounts are not read or this one is retired.</param>
    /// <param name="trustEmail">Whether e-mail addresses are confirmed.</param>
    public static Completion Map(string source, string run, EdxGrade grade, EdxCertificate certificate, EdxAccount? account, bool trustEmail)
    {
        (CompletionStatus status, string? reason) = StateOf(certificate) ?? throw new ArgumentException("The certificate has no state that counts.", nameof(certificate));
        return new Completion
        {
            Key = new CompletionKey(source, KeyOf(grade.UserName!, run)),
            Identifiers = [.. Identifiers(grade, account, trustEmail)],
            PersonName = Filled(account?.Name),
            Course = CourseOf(run),
            Status = status,
            StatusReason = reason,
            Passed = certificate.IsPassing,
            CompletedAt = certificate.CreatedDate,
            CompletedAtPrecision = TimePrecision.Instant,
            Score = ScoreOf(grade, certificate),
            CertificateUrl = Uri.TryCreate(certificate.DownloadUrl, UriKind.Absolute, out Uri? page) && page.Scheme is "https" or "http" ? page : null,
            SourceUpdatedAt = certificate.ModifiedDate,
        };
    }

    private static IEnumerable<PersonIdentifier> Identifiers(EdxGrade grade, EdxAccount? account, bool trustEmail)
    {
        if (account?.Id is { } id)
        {
            yield return new(IdentifierKinds.LmsUserId, id.ToString(CultureInfo.InvariantCulture), Verified: true);
        }

        yield return new(IdentifierKinds.Username, grade.UserName!, Verified: true);
        if ((Filled(account?.Email) ?? Filled(grade.Email)) is { } email)
        {
            yield return new(IdentifierKinds.Email, email, trustEmail);
        }
    }

    /// <summary>Rules match on the whole key of the run; the course that it is an edition of is an attribute.</summary>
    private static Course CourseOf(string run)
    {
        string[] parts = run.StartsWith("course-v1:", StringComparison.Ordinal) ? run["course-v1:".Length..].Split('+') : run.Split('/');
        return parts.Length == 3
            ? new Course { Key = run, Run = parts[2], Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["org"] = parts[0], ["course"] = $"{parts[0]}+{parts[1]}" } }
            : new Course { Key = run };
    }

    /// <summary>The certificate's own grade; where it has none, the grade as it is now.</summary>
    private static Score? ScoreOf(EdxGrade grade, EdxCertificate certificate)
    {
        bool own = decimal.TryParse(certificate.Grade, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal printed) && printed <= 1;
        decimal? raw = own ? printed : grade.Percent is >= 0 and <= 1 ? grade.Percent : null;
        return raw is null && Filled(grade.LetterGrade) is null ? null : new Score { Raw = raw, Min = raw is null ? null : 0, Max = raw is null ? null : 1, Scaled = raw, Text = Filled(grade.LetterGrade) };
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
