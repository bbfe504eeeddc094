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
    Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct);
}

/// <summary>A completion that the ledger already knows.</summary>
/// <param name="NaturalKey">Its natural key.</param>
/// <param name="Status">Its status at the last reading.</param>
/// <param name="CompletedAt">Its completion time, UTC; null when it has none.</param>
public readonly record struct KnownCompletion(string NaturalKey, CompletionStatus Status, DateTimeOffset? CompletedAt);
