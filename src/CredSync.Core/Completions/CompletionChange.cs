using CredSync.Completions;

namespace CredSync.Core.Completions;

/// <summary>What reading a completion changes in what is known of it.</summary>
public abstract record CompletionChange
{
    private protected CompletionChange()
    {
    }

    /// <summary>It was not known.</summary>
    /// <param name="Completion">What to store.</param>
    public sealed record New(Completion Completion) : CompletionChange;

    /// <summary>It was known and says something else now.</summary>
    /// <param name="Merged">What to store instead; see <see cref="CompletionRevision.Merge"/> for what is kept of the known one.</param>
    public sealed record Revised(Completion Merged) : CompletionChange;

    /// <summary>It says what is known already. Nothing is to be stored or decided.</summary>
    /// <param name="SourceUpdatedAt">
    /// A newer <see cref="Completion.SourceUpdatedAt"/> than the known one, worth remembering for the order of later messages; null when there is none.
    /// </param>
    public sealed record Unchanged(DateTimeOffset? SourceUpdatedAt) : CompletionChange
    {
        internal static Unchanged Wholly { get; } = new((DateTimeOffset?)null);
    }

    /// <summary>It is older than what is known and changes nothing.</summary>
    public sealed record Stale : CompletionChange
    {
        internal static Stale Instance { get; } = new();
    }
}
