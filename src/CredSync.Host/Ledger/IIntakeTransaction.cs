using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>The one transaction that takes a page in. Disposing it without a commit undoes everything.</summary>
internal interface IIntakeTransaction : IAsyncDisposable
{
    /// <summary>The hashes of the completions that are already stored, as last received, by natural key.</summary>
    Task<IReadOnlyDictionary<string, string>> ReceivedHashesAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>Stored completions by natural key.</summary>
    Task<IReadOnlyDictionary<string, StoredCompletion>> CompletionsAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>The people who have any of these identifiers, by all identifiers that they have.</summary>
    Task<IReadOnlyDictionary<IdentifierKey, Guid>> SubjectsAsync(IReadOnlyCollection<IdentifierKey> identifiers, CancellationToken ct);

    /// <summary>Adds people, or refreshes their name and e-mail address, and gives them identifiers that nobody has yet.</summary>
    Task StorePeopleAsync(IReadOnlyList<PersonRow> people, CancellationToken ct);

    /// <summary>Stores completions, new or revised.</summary>
    Task StoreCompletionsAsync(IReadOnlyList<CompletionRow> completions, CancellationToken ct);

    /// <summary>
    /// The whole history of people, locked against other pages until this one commits: two pages that each bring half of what a rule
    /// wants must not both miss the other's half.
    /// </summary>
    Task<IReadOnlyList<PersonHistory>> HistoriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Writes issuances whose key is not there yet, frees held ones that a rule now issues, and opens reviews of those that left already. Returns how many were planned and held.</summary>
    Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct);

    /// <summary>Plans the revocation of credentials that have left. Returns how many; one that has not left, or is revoked or under way already, stays as it is.</summary>
    Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct);

    /// <summary>Sets records aside with their reason.</summary>
    Task SetAsideAsync(IReadOnlyList<UnreadableRecord> records, CancellationToken ct);

    /// <summary>Moves the cursor, renews the lease, adds to the run's counts, and commits. Fails when the lease was lost.</summary>
    Task CommitAsync(Cursor next, PageCounts counts, CancellationToken ct);
}

/// <summary>A completion as stored.</summary>
internal sealed record StoredCompletion(Completion Completion, Guid? Subject, int Revision)
{
    /// <summary>Who it was given to by hand; holds when its identifiers name nobody. Null when it was not.</summary>
    public Guid? MatchedByHand { get; init; }
}

/// <summary>A person to add or refresh.</summary>
internal sealed record PersonRow(Guid Subject, string? Name, string? Email, IReadOnlyList<IdentifierKey> Identifiers);

/// <summary>A completion to store.</summary>
internal sealed record CompletionRow(Completion Completion, Guid? Subject, string ReceivedHash, string ContentHash, int Revision, string? HoldCause, string? HoldSentence);
