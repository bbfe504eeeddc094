using CredSync.Core.Issuance;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger;

/// <summary>
/// The book of record: completions, people, issuances, cursors, runs, acts. Two implementations, one test suite: SQLite (embedded) and PostgreSQL (distributed).
/// Every operation is one transaction; what it returns has been committed.
/// </summary>
internal interface ILedger : ISourceLedger, IOutbox, IOutcomeLedger, ILedgerReader, IActsLedger, IPeopleLedger, IRevocationLedger, IDeliveryLedger
{
    /// <summary>Creates or upgrades the tables; safe to call from many processes at once.</summary>
    Task MigrateAsync(CancellationToken ct);
}

/// <summary>What intake needs: leases, cursors, runs, and the transaction that takes a page in.</summary>
internal interface ISourceLedger
{
    /// <summary>Makes sure that every configured source has a line, and returns where each stands.</summary>
    Task<IReadOnlyList<SourceState>> EnsureSourcesAsync(IReadOnlyCollection<string> names, CancellationToken ct);

    /// <summary>Begins a run: takes the source's lease unless another living owner holds it. Null when it is held.</summary>
    Task<RunLease?> TryBeginRunAsync(string source, LeaseOwner owner, TimeSpan lease, CancellationToken ct);

    /// <summary>Renews the lease of a run that is slow to bring its next page.</summary>
    /// <returns>False when the lease was lost; the run must end.</returns>
    Task<bool> RenewAsync(RunLease run, CancellationToken ct);

    /// <summary>Opens the one transaction that takes a page in. Nothing of it is visible before it commits.</summary>
    Task<IIntakeTransaction> BeginPageAsync(PageOrigin origin, CancellationToken ct);

    /// <summary>Ends a run and gives the lease back; records the fault, if any, and when to poll again.</summary>
    Task EndRunAsync(RunLease run, RunEnd end, CancellationToken ct);

    /// <summary>What is known of one course of a source, for adapters that compare states.</summary>
    Task<IReadOnlyList<Sources.KnownCompletion>> KnownOfCourseAsync(string source, string courseKey, CancellationToken ct);

    /// <summary>What is known of a source under some natural keys, for adapters that compare a page row by row.</summary>
    Task<IReadOnlyList<Sources.KnownCompletion>> KnownOfKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>All natural keys of a source, in their order; read from an index alone.</summary>
    /// <param name="source">The source.</param>
    /// <param name="after">The last key of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    Task<IReadOnlyList<string>> KeysAsync(string source, string? after, int limit, CancellationToken ct);

    /// <summary>Those of some natural keys of a source that are complete and were first seen before a time, in their order.</summary>
    Task<IReadOnlyList<string>> CompleteKeysAsync(string source, IReadOnlyCollection<string> naturalKeys, DateTimeOffset seenBefore, CancellationToken ct);

    /// <summary>How many completions of a source are complete and were first seen before a time.</summary>
    Task<long> CountCompleteAsync(string source, DateTimeOffset seenBefore, CancellationToken ct);

    /// <summary>Whether any completion of a source is set aside as missing.</summary>
    Task<bool> HasMissingAsync(string source, CancellationToken ct);

    /// <summary>Those of some completions of a source that are set aside as missing, by natural key, with the time since when they are.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> MissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>Forgets that completions were missing: they are there again.</summary>
    Task ForgetMissingAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>Completions as stored, by natural key.</summary>
    Task<IReadOnlyList<Completions.Completion>> StoredAsync(string source, IReadOnlyCollection<string> naturalKeys, CancellationToken ct);

    /// <summary>Forgets a source's cursor: the next run reads from the beginning. What is known stays known, so nothing is issued twice.</summary>
    Task RewindAsync(string source, CancellationToken ct);

    /// <summary>Pauses a source until a person resumes it, or resumes it.</summary>
    Task SetPausedAsync(string source, string? reason, CancellationToken ct);
}

/// <summary>What the dispatcher needs: planned issuances, claimed, published, marked sent.</summary>
internal interface IOutbox
{
    /// <summary>
    /// Claims planned issuances that are due, oldest first, and notes them as sent, so that each line is written once; their batch is noted beside them, and one that is
    /// neither marked sent nor given back within the lease lapses: its lines are planned again.
    /// </summary>
    Task<IReadOnlyList<ClaimedIssuance>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Marks claims as sent: the queue has confirmed them, and they do not lapse. One whose outcome came first stays as it is.</summary>
    Task MarkSentAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct);

    /// <summary>Gives claims back that could not be published, so that they are due again at once.</summary>
    Task ReleaseAsync(IReadOnlyCollection<ClaimedIssuance> claims, CancellationToken ct);

    /// <summary>How many issuances are sent and have no outcome, counted no further than a limit.</summary>
    Task<int> CountSentAsync(int limit, CancellationToken ct);

    /// <summary>Plans again what was sent before a time and has no outcome. The journal on the other side makes a repeat harmless.</summary>
    /// <returns>How many were planned again.</returns>
    Task<int> PlanUnansweredAgainAsync(DateTimeOffset sentBefore, CancellationToken ct);
}

/// <summary>What the outcome room needs.</summary>
internal interface IOutcomeLedger
{
    /// <summary>Closes lines. Repeating an outcome changes nothing; an issued line never goes back.</summary>
    Task CloseAsync(IReadOnlyList<IssuanceOutcome> outcomes, CancellationToken ct);
}

/// <summary>What screens and commands read.</summary>
internal interface ILedgerReader
{
    /// <summary>Where every source stands.</summary>
    Task<IReadOnlyList<SourceState>> SourcesAsync(CancellationToken ct);

    /// <summary>How many issuances are in each state, by definition and issuer.</summary>
    Task<IReadOnlyList<IssuanceCount>> CountIssuancesAsync(CancellationToken ct);

    /// <summary>Whether anything is sent without an outcome, or planned and due.</summary>
    Task<bool> IsUnderWayAsync(CancellationToken ct);

    /// <summary>Whole histories of people, a page at a time in the order of subject ids; for recomputing what was decided.</summary>
    Task<IReadOnlyList<Core.Rules.PersonHistory>> HistoriesAfterAsync(Guid? after, int limit, CancellationToken ct);

    /// <summary>Totals of the ledger.</summary>
    Task<LedgerTotals> TotalsAsync(CancellationToken ct);

    /// <summary>The issuances that are not finished or went wrong, newest first.</summary>
    Task<IReadOnlyList<IssuanceLine>> OpenIssuancesAsync(int limit, CancellationToken ct);

    /// <summary>One issuance; null when there is none.</summary>
    Task<IssuanceLine?> IssuanceAsync(Guid issuance, CancellationToken ct);

    /// <summary>All issuances of a person.</summary>
    Task<IReadOnlyList<IssuanceLine>> IssuancesOfAsync(Guid subject, CancellationToken ct);

    /// <summary>One completion with what is known about its taking in; null when there is none.</summary>
    Task<CompletionLine?> CompletionAsync(Completions.CompletionKey key, CancellationToken ct);

    /// <summary>All completions of a person.</summary>
    Task<IReadOnlyList<CompletionLine>> CompletionsOfAsync(Guid subject, CancellationToken ct);

    /// <summary>The person with an identifier, whatever its kind; null when nobody or more than one has it.</summary>
    Task<Guid?> FindSubjectAsync(string identifier, CancellationToken ct);

    /// <summary>Records that were set aside, newest first.</summary>
    Task<IReadOnlyList<SetAsideLine>> SetAsideAsync(int limit, CancellationToken ct);

    /// <summary>Issuances in a state, oldest outcome first.</summary>
    Task<IReadOnlyList<IssuanceLine>> IssuancesInStateAsync(IssuanceState state, int limit, CancellationToken ct);
}
