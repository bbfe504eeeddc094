using CredSync.Issuers;

namespace CredSync.Host.Issue;

/// <summary>
/// What the issue room remembers about each issuance id: begun, finished, or in doubt. Written before and after every call to an issuer, so that a crash
/// between the two is seen as what it is. It is the issue side's own store; the ledger does not know it.
/// </summary>
internal interface IIssueJournal
{
    /// <summary>Creates or upgrades the tables; safe to call from many processes at once.</summary>
    Task MigrateAsync(CancellationToken ct);

    /// <summary>Opens lines, in one transaction, and says for each what is to be done. For a request that needs no line nothing is written; what is known is said.</summary>
    Task<IReadOnlyList<JournalOpening>> BeginAsync(IReadOnlyList<JournalRequest> requests, TimeSpan lease, CancellationToken ct);

    /// <summary>Closes lines with the credentials that were minted, and writes those that were not opened, in one transaction.</summary>
    /// <returns>
    /// Where another worker was first with a line that was not opened: the credential that stands, and nothing of ours was kept; null while the other has not finished. Empty, by far
    /// the most often.
    /// </returns>
    Task<IReadOnlyDictionary<Guid, IssuedCredential?>> FinishAsync(IReadOnlyList<JournalFinish> finished, CancellationToken ct);

    /// <summary>Closes lines without a credential: not minted for certain, or in doubt.</summary>
    Task FailAsync(IReadOnlyList<JournalFailure> failures, CancellationToken ct);

    /// <summary>The credential of an issuance; null when it was not minted here.</summary>
    Task<IssuedCredential?> FindAsync(Guid issuance, CancellationToken ct);

    /// <summary>What was minted here for an issuer, by issuance id, after one.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="after">The last of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    Task<IReadOnlyList<JournalEntry>> ListAsync(string issuer, Guid? after, int limit, CancellationToken ct);

    /// <summary>Opens a finished line again, because its issuer does not have the credential: the next request mints it anew.</summary>
    Task ReopenAsync(Guid issuance, string reason, CancellationToken ct);

    /// <summary>Closes a line with a credential that its issuer has, whatever the journal knew of it.</summary>
    Task TakeOverAsync(Guid issuance, string issuer, IssuedCredential credential, CancellationToken ct);
}

/// <summary>A finished line in a list.</summary>
internal sealed record JournalEntry(Guid Issuance, string CredentialId, string? PublicUrl, bool IsRevoked);

/// <summary>A request to open a line.</summary>
/// <param name="Issuance">The issuance id.</param>
/// <param name="Issuer">The issuer.</param>
/// <param name="WantsNumber">Whether a line that is begun gets a status number of its issuer's.</param>
internal sealed record JournalRequest(Guid Issuance, string Issuer, bool WantsNumber = false)
{
    /// <summary>How long after an attempt whose end is not known its request may still be on its way to the issuer, so that a look-up would not find it; zero when a repeat is harmless.</summary>
    public TimeSpan UnderWay { get; init; }

    /// <summary>False when an attempt whose end nobody saw leaves nothing behind at the issuer, so that it need not be noted before.</summary>
    public bool NeedsLine { get; init; } = true;
}

/// <summary>What the journal says about a line that was asked for.</summary>
/// <param name="Issuance">The issuance id.</param>
/// <param name="State">What is to be done.</param>
/// <param name="IssuedAt">The issue date, stored at the first attempt so that every repeat says the same.</param>
/// <param name="Credential">The credential; only with <see cref="JournalState.Finished"/>.</param>
internal sealed record JournalOpening(Guid Issuance, JournalState State, DateTimeOffset IssuedAt, IssuedCredential? Credential)
{
    /// <summary>Until when the other worker holds the line at most; only with <see cref="JournalState.Busy"/>.</summary>
    public DateTimeOffset? BusyUntil { get; init; }

    /// <summary>Whether a line stands in the journal; false when there is none and none was needed.</summary>
    public bool HasLine { get; init; } = true;

    /// <summary>The credential's running number among its issuer's; null when it has none.</summary>
    public long? StatusNumber { get; init; }
}

/// <summary>What the journal says about a line.</summary>
internal enum JournalState
{
    /// <summary>Opened now; mint it.</summary>
    Begun,

    /// <summary>An earlier attempt began and did not finish: whether it minted is not known. Asked for again, it is told again: taking a line over does not settle its doubt.</summary>
    Unfinished,

    /// <summary>Minted already; repeat the stored answer.</summary>
    Finished,

    /// <summary>This very worker began it and has not closed it; whether the issuer was asked, the worker itself knows.</summary>
    BegunHere,

    /// <summary>Another worker is at it this moment; leave it alone.</summary>
    Busy,
}

/// <summary>A minted credential to close a line with.</summary>
internal sealed record JournalFinish(Guid Issuance, IssuedCredential Credential)
{
    /// <summary>The issuer, when no line was opened and it is written now; null when one was.</summary>
    public string? NewLineOf { get; init; }

    /// <summary>The number that a new line keeps; null when it has none. One that was opened has it already.</summary>
    public long? StatusNumber { get; init; }
}

/// <summary>A failure to close a line with.</summary>
/// <param name="Issuance">The issuance id.</param>
/// <param name="InDoubt">True when it is not known whether it was minted; false when it certainly was not.</param>
/// <param name="Cause">Machine code.</param>
/// <param name="Reason">One sentence, no personal data.</param>
internal sealed record JournalFailure(Guid Issuance, bool InDoubt, string Cause, string Reason);
