using System.Globalization;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Moodle;

/// <summary>
/// Where the sweep through the site stands. Moodle has no "changed since" (a completion may be dated long before it shows), so the cursor is a place
/// in a sweep, not a time: which sweep, which course, from which learner on.
/// </summary>
internal sealed record MoodleCursor
{
    private const int CurrentVersion = 1;

    /// <summary>Version of this text.</summary>
    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Number of the sweep under way, from 0; picks the slice of completed learners that is looked at again.</summary>
    [JsonPropertyName("sweep")]
    public int Sweep { get; init; }

    /// <summary>The first course id that is not finished in this sweep.</summary>
    [JsonPropertyName("course")]
    public long Course { get; init; }

    /// <summary>Offset in that course.</summary>
    [JsonPropertyName("from")]
    public int From { get; init; }

    /// <summary>Learners met so far in that course.</summary>
    [JsonPropertyName("seen")]
    public int Seen { get; init; }

    /// <summary>How many learners each course had when it was last read to its end, as <c>course:count</c> joined by commas.</summary>
    [JsonPropertyName("counts")]
    public string Counts { get; init; } = "";

    /// <summary>Reads a stored cursor.</summary>
    /// <param name="stored">The stored cursor; null at the very beginning.</param>
    /// <param name="who">The platform and source in words.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Misconfigured"/>: it is of a version that this one does not know, or no cursor of this adapter.</exception>
    public static MoodleCursor Parse(Cursor? stored, string who) => stored is not { } cursor
        ? new MoodleCursor()
        : CursorText.Parse<MoodleCursor>(cursor, who, read =>
            read is { Version: CurrentVersion, Sweep: >= 0, Course: >= 0, From: >= 0, Seen: >= 0, Counts: not null });

    /// <summary>How many learners a course had when it was last read to its end; null when that is not known.</summary>
    public int? CountOf(long courseId) => CountsById().TryGetValue(courseId, out int count) ? count : null;

    /// <summary>The cursor after a course was read to its end.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="count">Learners that it had; null when it could not be read.</param>
    public MoodleCursor AfterCourse(long courseId, int? count)
    {
        Dictionary<long, int> counts = CountsById();
        if (count is { } known)
        {
            counts[courseId] = known;
        }

        return this with { Course = courseId + 1, From = 0, Seen = 0, Counts = Join(counts) };
    }

    /// <summary>The cursor after the last course: the next sweep.</summary>
    public MoodleCursor AfterSweep() => this with { Sweep = Sweep == int.MaxValue ? 0 : Sweep + 1, Course = 0, From = 0, Seen = 0 };

    /// <summary>As text for the host.</summary>
    public Cursor ToCursor() => CursorText.Write(this);

    private Dictionary<long, int> CountsById()
    {
        Dictionary<long, int> counts = [];
        foreach (string pair in Counts.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0
                && long.TryParse(pair.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out long course)
                && int.TryParse(pair.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                counts[course] = count;
            }
        }

        return counts;
    }

    /// <summary>
    /// As many counts as fit into a cursor, the largest first: they are what paging needs. A course without one is read one page further instead.
    /// </summary>
    private static string Join(Dictionary<long, int> counts)
    {
        int room = Cursor.MaxLength - 160;
        List<(long Course, int Count)> kept = [];
        foreach ((long course, int count) in counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            room -= Digits(course) + Digits(count) + 2;
            if (room < 0)
            {
                break;
            }

            kept.Add((course, count));
        }

        return string.Join(',', kept.OrderBy(pair => pair.Course).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Course}:{pair.Count}")));
    }

    private static int Digits(long number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
