using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Host.Ledger;
using CredSync.Host.People;

namespace CredSync.Host.Intake;

/// <summary>What a page changes in what is known.</summary>
internal sealed class PageWork
{
    private readonly Dictionary<string, PageChange> byKey = new(StringComparer.Ordinal);

    /// <summary>The changes, in the page's order, one for each completion.</summary>
    public IReadOnlyCollection<PageChange> Changes => byKey.Values;

    /// <summary>Compares a completion with what is known of it; a page that names one twice is compared with its own first.</summary>
    public void Compare(Completion incoming, string receivedHash, StoredCompletion? stored)
    {
        PageChange? before = byKey.GetValueOrDefault(incoming.Key.NaturalKey);
        Completion? known = before?.Completion ?? stored?.Completion;
        int revision = before?.Revision ?? stored?.Revision ?? 0;
        switch (CompletionRevision.Merge(known, incoming))
        {
            case CompletionChange.New added:
                byKey[incoming.Key.NaturalKey] = new PageChange(added.Completion, receivedHash, 1) { SaysWhatWasReceived = ReferenceEquals(added.Completion, incoming) };
                break;
            case CompletionChange.Revised revised:
                // Two readings of one page make one revision.
                byKey[incoming.Key.NaturalKey] = new PageChange(revised.Merged, receivedHash, before is null ? revision + 1 : revision) { MatchedByHand = stored?.MatchedByHand, Before = stored };
                break;
            case CompletionChange.Unchanged unchanged when before is null:
                // Spelled differently, says the same: remember the spelling, so that the next reading is recognised at once.
                byKey[incoming.Key.NaturalKey] = new PageChange(known! with { SourceUpdatedAt = unchanged.SourceUpdatedAt ?? known.SourceUpdatedAt }, receivedHash, revision) { OnlyReceivedAnew = true, MatchedByHand = stored?.MatchedByHand };
                break;
        }
    }
}

/// <summary>One completion that a page brings or changes.</summary>
internal sealed class PageChange(Completion completion, string receivedHash, int revision) : IMatchable
{
    public Completion Completion => completion;

    public int Revision => revision;

    /// <summary>True when nothing but the platform's spelling differs; nothing is decided anew.</summary>
    public bool OnlyReceivedAnew { get; init; }

    /// <summary>True when it is the very record that was received, so that both have one hash.</summary>
    public bool SaysWhatWasReceived { get; init; }

    /// <summary>The completion as it was before the page; null when it is new.</summary>
    public StoredCompletion? Before { get; init; }

    /// <summary>Who it was given to by hand, if anybody.</summary>
    public Guid? MatchedByHand { get; init; }

    /// <summary>Who it is about; null while nobody can be named.</summary>
    public Guid? Subject { get; set; }

    public string? HoldCause { get; set; }

    public string? HoldSentence { get; set; }

    public CompletionRow ToRow() => new(completion, Subject, receivedHash, SaysWhatWasReceived ? receivedHash : CompletionHash.Of(completion), revision, HoldCause, HoldSentence);
}
