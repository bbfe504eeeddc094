using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Plans;

namespace CredSync.Host.Ledger;

/// <summary>What people do to the ledger by hand: plans, holds, matches; and the record of each act.</summary>
internal interface IActsLedger
{
    /// <summary>Opens a view of the whole history as it is at this moment; what is written later is not seen in it.</summary>
    Task<IHistoryReading> OpenReadingAsync(CancellationToken ct);

    /// <summary>Opens views of one and the same moment, to be read side by side.</summary>
    /// <param name="most">How many at most, at least 1; there may be fewer while others write without a pause.</param>
    /// <param name="ct">Cancels.</param>
    Task<IReadOnlyList<IHistoryReading>> OpenReadingsAsync(int most, CancellationToken ct);

    /// <summary>Opens one transaction for acts. Nothing of it is visible before it commits.</summary>
    Task<IActTransaction> BeginActAsync(CancellationToken ct);

    /// <summary>The acts, newest first; of one target when it is given.</summary>
    Task<IReadOnlyList<ActLine>> ActsAsync(string? target, int limit, CancellationToken ct);

    /// <summary>Issuances that are held and reviews that are open, oldest first.</summary>
    Task<IReadOnlyList<HeldLine>> HeldAsync(HeldFilter filter, int limit, CancellationToken ct);

    /// <summary>How many issuances are held and reviews are open, by cause and definition.</summary>
    Task<IReadOnlyList<HeldCount>> CountHeldAsync(HeldFilter filter, CancellationToken ct);

    /// <summary>Completions of which nobody can be named, oldest first; with one cause when it is given.</summary>
    Task<IReadOnlyList<CompletionLine>> HeldCompletionsAsync(string? cause, int limit, CancellationToken ct);

    /// <summary>Who has an identifier with this value, whatever its kind, or this subject id.</summary>
    Task<IReadOnlyList<FoundPerson>> FindPeopleAsync(string identifier, CancellationToken ct);

    /// <summary>The kinds of identifiers of a person, without their values.</summary>
    Task<IReadOnlyList<IdentifierOrigin>> IdentifiersOfAsync(Guid subject, CancellationToken ct);

    /// <summary>Records that a rule book decides from now on; repeating it changes nothing.</summary>
    Task UseRuleBookAsync(string revision, int credentials, CancellationToken ct);

    /// <summary>The rule books that ever decided, newest first.</summary>
    Task<IReadOnlyList<RuleBookLine>> RuleBooksAsync(CancellationToken ct);

    /// <summary>How far a plan is; null when it was never begun.</summary>
    Task<PlanProgress?> PlanProgressAsync(string plan, CancellationToken ct);
}

/// <summary>A view of the ledger's history at one moment. One caller at a time.</summary>
internal interface IHistoryReading : IAsyncDisposable
{
    /// <summary>A mark that differs whenever a completion, a match or a settlement came in between. Applying plans and exporting records do not move it.</summary>
    Task<string> WatermarkAsync(CancellationToken ct);

    /// <summary>The last person of the next page, in the order of subject ids; null when nobody is left.</summary>
    Task<Guid?> LastOfPageAsync(Guid? after, int size, CancellationToken ct);

    /// <summary>People after one and up to another, by subject id.</summary>
    Task<IReadOnlyList<PlanPerson>> PeopleAsync(Guid? after, Guid last, CancellationToken ct);

    /// <summary>Who was merged into whom, and what people said about credentials.</summary>
    Task<PersonTies> TiesAsync(CancellationToken ct);

    /// <summary>Reads one of several parts of everything (people, completions that have somebody, issuances) in the order in which it is stored. All parts together give each line once.</summary>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="sink">Takes what is found; called by this caller alone.</param>
    /// <param name="ct">Cancels.</param>
    Task ScanAsync(int part, int parts, IHistorySink sink, CancellationToken ct);

    /// <summary>One person; null when the ledger knows nobody with this subject id.</summary>
    Task<PlanPerson?> PersonAsync(Guid subject, CancellationToken ct);

    /// <summary>How many completions of each course have nobody who can be named.</summary>
    Task<IReadOnlyList<UnmatchedCourse>> WithoutPersonAsync(CancellationToken ct);
}

/// <summary>Acts that are done together or not at all. Disposing it without a commit undoes everything.</summary>
internal interface IActTransaction : IAsyncDisposable
{
    /// <summary>When it began, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>What the ledger holds of people, locked against pages and other acts until this one commits.</summary>
    Task<IReadOnlyList<PlanPerson>> PeopleAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Writes issuances whose key is not there yet, frees held ones that a rule now issues, opens reviews. Returns how many were planned and held.</summary>
    Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct);

    /// <summary>Holds issuances that have not left as no longer earned.</summary>
    /// <returns>How many; one that has left meanwhile stays as it is.</returns>
    Task<int> StopAsync(IReadOnlyCollection<Guid> issuances, string sentence, string ruleBook, CancellationToken ct);

    /// <summary>Plans the revocation of credentials that have left; one that its issuer did not do is tried again.</summary>
    /// <returns>How many; one that has not left, or is revoked or under way already, stays as it is.</returns>
    Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct);

    /// <summary>Notes that what rests on these revoked credentials has been looked at.</summary>
    /// <returns>How many; one that somebody else noted stays as it is.</returns>
    Task<int> NoteFollowedAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);

    /// <summary>Settles a hold or a review.</summary>
    /// <returns>False when it is not held, or not open, any more.</returns>
    Task<bool> SettleAsync(Settlement settlement, CancellationToken ct);

    /// <summary>Gives a held completion to a person for good, and the person the identifiers that nobody has.</summary>
    /// <returns>False when the completion is not held any more.</returns>
    Task<bool> MatchAsync(CompletionKey completion, Guid subject, IReadOnlyList<IdentifierKey> identifiers, CancellationToken ct);

    /// <summary>Makes one person of two: from now on everything of the one is seen with the other's. Holds what both have and one has not had yet.</summary>
    /// <param name="merged">Who is merged; answers for themselves so far.</param>
    /// <param name="survivor">Into whom; answers for themselves.</param>
    /// <param name="duplicates">Issuances to hold as <c>same-as-another</c>.</param>
    /// <param name="touched">Issuances that decisions about both together may write; how they are now is kept, so that it can be given back.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when one of the two does not answer for themselves any more.</returns>
    Task<bool> MergeAsync(Guid merged, Guid survivor, IReadOnlyCollection<Guid> duplicates, IReadOnlyCollection<Guid> touched, CancellationToken ct);

    /// <summary>Makes two of one again: as it was before the merge, but for what has left since.</summary>
    /// <returns>False when there is no such merge.</returns>
    Task<bool> UnmergeAsync(Guid merged, CancellationToken ct);

    /// <summary>Begins a plan, or finds how far it is.</summary>
    Task<PlanProgress> BeginPlanAsync(string plan, string ruleBook, long effects, CancellationToken ct);

    /// <summary>Moves a plan on.</summary>
    /// <returns>False when it is not where it was thought to be: somebody else applies it at this moment.</returns>
    Task<bool> MovePlanAsync(string plan, long from, long to, CancellationToken ct);

    /// <summary>Records an act.</summary>
    Task RecordAsync(Act act, CancellationToken ct);

    /// <summary>Makes it so.</summary>
    Task CommitAsync(CancellationToken ct);
}
