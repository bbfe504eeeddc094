using System.Globalization;

namespace CredSync.Sandbox.Edx;

/// <summary>How far one learner is with one course run.</summary>
internal sealed class EdxEnrolment
{
    public required int Id { get; init; }

    public required EdxUser User { get; set; }

    public required EdxCourse Course { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string Mode { get; set; } = "verified";

    public bool IsActive { get; set; } = true;

    public DateTimeOffset? UnenrolledAt { get; set; }

    public double? Percent { get; set; }

    public DateTimeOffset? PassedAt { get; set; }

    public DateTimeOffset LastActivityAt { get; set; }

    public EdxCertificate? Certificate { get; set; }

    public bool Passed => Percent >= Course.PassingGrade;

    public EdxEnrolment Copy() => (EdxEnrolment)MemberwiseClone();
}

/// <summary>A certificate; it keeps its uuid when it is revoked.</summary>
internal sealed record EdxCertificate
{
    public required string Uuid { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>From 0 to 1; null when it is blank.</summary>
    public double? Grade { get; init; }

    public bool IsPassing => Status is "downloadable" or "generating";

    /// <summary>The grade in at most five characters, for example <c>0.93</c>; empty for none.</summary>
    public string GradeText => Grade is { } grade ? grade.ToString("0.0##", CultureInfo.InvariantCulture) : "";
}
