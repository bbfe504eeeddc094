namespace CredSync.Sandbox.Coursera;

/// <summary>Something that can be learned: a course, or a specialization made of courses.</summary>
public sealed record CourseraContent
{
    /// <summary>The content's id: opaque, 22 characters.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The name in addresses; can change.</summary>
    public required string Slug { get; init; }

    /// <summary>The kind of course; only for courses.</summary>
    public string CourseType { get; init; } = "Course";

    /// <summary>The courses of a specialization; empty for a course.</summary>
    public IReadOnlyList<string> CourseIds { get; init; } = [];

    /// <summary>Who offers it.</summary>
    public IReadOnlyList<string> Partners { get; init; } = ["Example Technical University"];

    /// <summary><c>Specialization</c> when it is made of courses, else <c>Course</c>.</summary>
    public string ContentType => CourseIds.Count > 0 ? "Specialization" : "Course";
}
