namespace CredSync.Sandbox.Edx;

/// <summary>An edition of a course (a course run).</summary>
public sealed record EdxCourse
{
    /// <summary>The run's key, for example <c>course-v1:NorthX+DATA101+2026_T1</c>.</summary>
    public required string Run { get; init; }

    /// <summary>The course's title.</summary>
    public required string Title { get; init; }

    /// <summary>The grade that passes, from 0 to 1. Default 0.6.</summary>
    public double PassingGrade { get; init; } = 0.6;

    /// <summary>False: the course has no active certificate page, and the detail call says so even to learners who hold a certificate.</summary>
    public bool HasCertificatePage { get; init; } = true;

    /// <summary>The organisation, the first part of the key.</summary>
    public string Organisation => Parts[0];

    /// <summary>The course's key, for example <c>NorthX+DATA101</c>.</summary>
    public string Key => Parts[0] + "+" + Parts[1];

    private string[] Parts => Run["course-v1:".Length..].Split('+');

    /// <summary>Whether a text is a run's key.</summary>
    internal static bool IsRun(string text) => text.StartsWith("course-v1:", StringComparison.Ordinal) && text.Split('+').Length == 3;
}
