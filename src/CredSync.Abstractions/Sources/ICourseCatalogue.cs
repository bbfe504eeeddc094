using CredSync.Completions;

namespace CredSync.Sources;

/// <summary>An optional power of a source: name the courses that it reads, also those that nobody has completed yet, so that rules can be written before.</summary>
public interface ICourseCatalogue
{
    /// <summary>Names the courses, with the keys and titles that their completions will have.</summary>
    /// <param name="ct">Cancels the calls.</param>
    /// <returns>The courses, in any order; each key once.</returns>
    /// <exception cref="SourceException">The platform cannot be read.</exception>
    Task<IReadOnlyList<Course>> CoursesAsync(CancellationToken ct);
}
