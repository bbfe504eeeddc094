using CredSync.Completions;

namespace CredSync.Sources;

/// <summary>What a source is told when it is asked to read.</summary>
public sealed record SourceRead
{
    /// <summary>The cursor of the last committed page; null to begin at the start that the options allow.</summary>
    public Cursor? Since { get; init; }

    /// <summary>What the ledger already knows from this source, for platforms that must be compared state by state.</summary>
    public required IKnownCompletions Known { get; init; }
}

/// <summary>What the ledger already knows from one source.</summary>
public interface IKnownCompletions
{
    /// <summary>All completions known from this source for one course.</summary>
    /// <param name="courseKey">The <see cref="Course.Key"/> under which they were yielded.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <returns>As many as the ledger has of the course: ask once for a course, never once for a page of it.</returns>
    Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct);

    /// <summary>
    /// Those among some natural keys that are known from this source. For a page of rows that are compared one by one: what is looked at is as much as the page, however much the ledger has.
    /// </summary>
    /// <param name="naturalKeys">Natural keys, each once.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <returns>The known ones, in no order; a key that is not among them is not known.</returns>
    Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct);
}

/// <summary>A completion that the ledger already knows.</summary>
/// <param name="NaturalKey">Its natural key.</param>
/// <param name="Status">Its status at the last reading.</param>
/// <param name="CompletedAt">Its completion time, UTC; null when it has none.</param>
public readonly record struct KnownCompletion(string NaturalKey, CompletionStatus Status, DateTimeOffset? CompletedAt);
