using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>What is done for people in one transaction, whether a page brings it or something else that is told about them.</summary>
internal interface IPeopleWork : IAsyncDisposable
{
    /// <summary>The people who have any of these identifiers, by all identifiers that they have.</summary>
    Task<KnownIdentifiers> SubjectsAsync(IReadOnlyCollection<IdentifierKey> identifiers, CancellationToken ct);

    /// <summary>Adds people, or refreshes their name and e-mail address, and gives them identifiers that nobody has yet. What a row does not say stays.</summary>
    Task StorePeopleAsync(IReadOnlyList<PersonRow> people, CancellationToken ct);

    /// <summary>How many new people a source brought since a time, and whether it may bring more without being asked.</summary>
    Task<NewPeople> NewPeopleAsync(DateTimeOffset since, CancellationToken ct);

    /// <summary>
    /// The whole history of people, one for each who answers for themselves, with what was merged into them; locked against other pages until this one commits: two pages that each bring half of what a rule
    /// wants must not both miss the other's half.
    /// </summary>
    Task<IReadOnlyList<PersonHistory>> HistoriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Writes issuances whose key is not there yet, frees held ones that a rule now issues, and opens reviews of those that left already. Returns how many were planned and held.</summary>
    Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct);

    /// <summary>Plans the revocation of credentials that have left. Returns how many; one that has not left, or is revoked or under way already, stays as it is.</summary>
    Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct);

    /// <summary>Issuances of people about which a review is open, by key.</summary>
    Task<IReadOnlyList<IssuanceKey>> OpenReviewsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Takes open reviews back: the facts earn the issuance again.</summary>
    Task TakeReviewsBackAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);
}

/// <summary>The one transaction that takes a page in. Disposing it without a commit undoes everything.</summary>
internal interface IIntakeTransaction : IPeopleWork
{
    /// <summary>Which of the completions that were received are not stored with this very hash, in their order.</summary>
    Task<IReadOnlyList<Difference>> DifferencesAsync(IReadOnlyList<ReceivedHash> received, CancellationToken ct);

    /// <summary>Stored completions by natural key.</summary>
    Task<IReadOnlyDictionary<string, StoredCompletion>> CompletionsAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>Stores completions, new or revised.</summary>
    Task StoreCompletionsAsync(IReadOnlyList<CompletionRow> completions, CancellationToken ct);

    /// <summary>Sets records aside with their reason.</summary>
    Task SetAsideAsync(IReadOnlyList<UnreadableRecord> records, CancellationToken ct);

    /// <summary>What this page planned and claimed, to be sent once it is committed; empty when its origin claims nothing, or where the ledger leaves that to the dispatcher.</summary>
    IReadOnlyList<ClaimedIssuance> Claimed { get; }

    /// <summary>Moves the cursor, renews the lease, adds to the run's counts, and commits. Fails when the lease was lost.</summary>
    Task CommitAsync(Cursor next, PageCounts counts, CancellationToken ct);
}

/// <summary>What was received under a key, by its hash.</summary>
internal readonly record struct ReceivedHash(string NaturalKey, string Hash);

/// <summary>A completion that is not stored as it was received.</summary>
/// <param name="At">Its place among those that were asked for.</param>
/// <param name="IsKnown">Whether another one is stored under its key.</param>
internal readonly record struct Difference(int At, bool IsKnown);

/// <summary>A completion as stored.</summary>
internal sealed record StoredCompletion(Completion Completion, Guid? Subject, int Revision)
{
    /// <summary>Who it was given to by hand; holds when its identifiers name nobody. Null when it was not.</summary>
    public Guid? MatchedByHand { get; init; }
}

/// <summary>A person to add or refresh.</summary>
internal sealed record PersonRow(Guid Subject, string? Name, string? Email, IReadOnlyList<IdentifierKey> Identifiers)
{
    /// <summary>What they said about credentials; empty for nothing, null leaves it as it is.</summary>
    public IReadOnlyList<ConsentFact>? Consents { get; init; }
}

/// <summary>Who has which identifier, and who of them was merged into whom.</summary>
internal sealed record KnownIdentifiers(IReadOnlyDictionary<IdentifierKey, Guid> Owners, IReadOnlyDictionary<Guid, Guid> Merged);

/// <summary>The new people of a source.</summary>
/// <param name="WasRead">Whether the source was read to its end before, so that new people are the exception.</param>
/// <param name="IsStopped">Whether its new people are held already, until somebody admits them.</param>
/// <param name="Brought">How many it brought since the time.</param>
/// <param name="Before">How many it brought before that.</param>
internal sealed record NewPeople(bool WasRead, bool IsStopped, long Brought, long Before);

/// <summary>A completion to store.</summary>
internal sealed record CompletionRow(Completion Completion, Guid? Subject, string ReceivedHash, string ContentHash, int Revision, string? HoldCause, string? HoldSentence);
