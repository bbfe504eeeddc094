using CredSync.Completions;
using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>Looks at what a source yields, without storing any of it: which courses there are, to write rules from.</summary>
internal static class CourseDiscovery
{
    /// <summary>Asks for the courses, where the source can name them by themselves, reads pages from its beginning and gathers their courses.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pages">How many pages at most.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>The courses by key, and whether there is more to read.</returns>
    /// <exception cref="SourceException">The platform cannot be read.</exception>
    public static async Task<(IReadOnlyList<DiscoveredCourse> Courses, bool More)> ReadAsync(ICompletionSource source, int pages, CancellationToken ct)
    {
        var found = new Dictionary<string, DiscoveredCourse>(StringComparer.Ordinal);
        foreach (Course course in source is ICourseCatalogue catalogue ? await catalogue.CoursesAsync(ct).ConfigureAwait(false) : [])
        {
            found[course.Key] = new DiscoveredCourse(course.Key, course.Title, course.ContentType, 0, null);
        }

        int read = 0;
        await foreach (SourcePage page in source.ReadAsync(new SourceRead { Known = Nothing.Instance }, ct).ConfigureAwait(false))
        {
            foreach (Completion completion in page.Completions)
            {
                DiscoveredCourse known = found.GetValueOrDefault(completion.Course.Key) ?? new DiscoveredCourse(completion.Course.Key, null, completion.Course.ContentType, 0, null);
                found[completion.Course.Key] = known with
                {
                    Title = known.Title ?? completion.Course.Title,
                    Completions = known.Completions + 1,
                    Newest = completion.CompletedAt > known.Newest || known.Newest is null ? completion.CompletedAt : known.Newest,
                };
            }

            if (++read >= pages)
            {
                return (Sorted(), true);
            }
        }

        return (Sorted(), false);

        IReadOnlyList<DiscoveredCourse> Sorted() => [.. found.Values.OrderBy(c => c.Key, StringComparer.Ordinal)];
    }

    private sealed class Nothing : IKnownCompletions
    {
        public static readonly Nothing Instance = new();

        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>([]);

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>([]);
    }
}

/// <summary>A course that a source names or yields completions of.</summary>
/// <param name="Key">The key that rules match on.</param>
/// <param name="Title">Its title; null when the platform gives none.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Completions">How many completions were met.</param>
/// <param name="Newest">When the newest of them was completed; null when none has a date.</param>
internal sealed record DiscoveredCourse(string Key, string? Title, ContentType Kind, int Completions, DateTimeOffset? Newest);
