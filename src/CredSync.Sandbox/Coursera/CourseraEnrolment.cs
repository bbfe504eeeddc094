namespace CredSync.Sandbox.Coursera;

/// <summary>How far one member is with one content in one program.</summary>
internal sealed class CourseraEnrolment
{
    public required CourseraMember Member { get; set; }

    public required CourseraContent Content { get; init; }

    public required CourseraProgram Program { get; init; }

    public required DateTimeOffset EnrolledAt { get; init; }

    public DateTimeOffset? LastActivityAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public double? Grade { get; set; }

    /// <summary>From 0 to 100; null for specializations.</summary>
    public int? Progress { get; set; }

    /// <summary>The row's id, in which the program is missing: the same content in two programs gives two rows with one id.</summary>
    public string Id => $"{Member.ExternalId}~{Content.ContentType}~{Content.Id}";

    public CourseraEnrolment Copy() => (CourseraEnrolment)MemberwiseClone();
}
