namespace CredSync.Completions;

/// <summary>What was finished, as the platform names it.</summary>
public sealed record Course
{
    /// <summary>Stable id of the course; rules match on it. Case matters. For Moodle the course's idnumber, else its numeric id.</summary>
    public required string Key { get; init; }

    /// <summary>Edition or run; null when the platform has none.</summary>
    public string? Run { get; init; }

    /// <summary>Plain-text title for people (no markup, no HTML entities); null when unknown.</summary>
    public string? Title { get; init; }

    /// <summary>What kind of thing it is. Default <see cref="ContentType.Course"/>.</summary>
    public ContentType ContentType { get; init; } = ContentType.Course;

    /// <summary>Further attributes that rules may match on, for example <c>shortname</c>. Names are lower-case.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = EmptyAttributes;

    private static readonly IReadOnlyDictionary<string, string> EmptyAttributes = new Dictionary<string, string>();
}

/// <summary>What kind of thing was finished.</summary>
public enum ContentType
{
    /// <summary>A course.</summary>
    Course,

    /// <summary>A programme, specialization or learning path made of courses.</summary>
    Program,

    /// <summary>A module of a course.</summary>
    Module,

    /// <summary>A single activity, such as a quiz or a video.</summary>
    Activity,
}
