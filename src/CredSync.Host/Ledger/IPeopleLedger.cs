using CredSync.Completions;
using CredSync.Core.People;

namespace CredSync.Host.Ledger;

/// <summary>What is known of people beside completions: held ones, the directory, merges, and what settles itself after a time.</summary>
internal interface IPeopleLedger
{
    /// <summary>Opens one transaction in which held completions of one source are matched again. Nothing of it is visible before it commits.</summary>
    Task<IMatchingTransaction> BeginMatchingAsync(string source, CancellationToken ct);

    /// <summary>Names of the sources with completions whose person is held.</summary>
    Task<IReadOnlyList<string>> SourcesWithHeldPeopleAsync(CancellationToken ct);

    /// <summary>What the people were last brought up to date with; null before the first time.</summary>
    Task<string?> AppliedDirectoryAsync(CancellationToken ct);

    /// <summary>Remembers what the people are up to date with.</summary>
    Task SetAppliedDirectoryAsync(string mark, CancellationToken ct);

    /// <summary>A person with those who were merged into them; null when there is none.</summary>
    Task<PersonLine?> PersonAsync(Guid subject, CancellationToken ct);

    /// <summary>Standing merges, newest first; of one person, on either side, when it is given.</summary>
    Task<IReadOnlyList<MergeLine>> MergesAsync(Guid? person, CancellationToken ct);

    /// <summary>People who may be one: those with the same name or e-mail address, written alike. Subject ids, by what they share.</summary>
    Task<IReadOnlyList<LookAlikes>> LookAlikesAsync(int limit, CancellationToken ct);

    /// <summary>Holds and reviews whose time is over, oldest first.</summary>
    Task<IReadOnlyList<DueLine>> DueAsync(int limit, CancellationToken ct);

    /// <summary>Courses of which a source has ever told a completion.</summary>
    Task<IReadOnlyList<SeenCourse>> CoursesSeenAsync(CancellationToken ct);

    /// <summary>Forgets runs that ended, and records set aside that last came, before a time.</summary>
    Task<int> ForgetAsync(DateTimeOffset runsBefore, DateTimeOffset setAsideBefore, CancellationToken ct);
}

/// <summary>Matches held completions again, and brings people up to date. Disposing it without a commit undoes everything.</summary>
internal interface IMatchingTransaction : IPeopleWork
{
    /// <summary>Completions of the source whose person is held, in the order of their keys.</summary>
    /// <param name="after">The last key of the part before; empty at the beginning.</param>
    /// <param name="limit">How many.</param>
    /// <param name="ct">Cancels.</param>
    Task<IReadOnlyList<HeldCompletion>> HeldAsync(string after, int limit, CancellationToken ct);

    /// <summary>Says who held completions are about, or anew why they are held. One that changed meanwhile is left alone.</summary>
    Task RematchAsync(IReadOnlyList<Rematch> matches, CancellationToken ct);

    /// <summary>Forgets what people said whom the directory does not have any more.</summary>
    /// <returns>Whose.</returns>
    Task<IReadOnlyList<Guid>> ForgetConsentsAsync(IReadOnlyCollection<Guid> except, CancellationToken ct);

    /// <summary>New people of the source are people: from now on they are counted anew.</summary>
    Task AdmitNewPeopleAsync(CancellationToken ct);

    /// <summary>Records an act.</summary>
    Task RecordAsync(Act act, CancellationToken ct);

    /// <summary>Makes it so.</summary>
    Task CommitAsync(CancellationToken ct);
}

/// <summary>A completion whose person is held.</summary>
internal sealed record HeldCompletion(Completion Completion, int Revision, string Cause);

/// <summary>Who a held completion is about, or why that is still not known.</summary>
internal sealed record Rematch(string NaturalKey, int Revision, Guid? Subject, string? Cause, string? Sentence);

/// <summary>A person, without name and address.</summary>
/// <param name="Subject">Who answers for all of them.</param>
/// <param name="Members">The person and those who were merged into them, with the kinds of identifiers, completions and issuances of each.</param>
internal sealed record PersonLine(Guid Subject, IReadOnlyList<PersonMember> Members);

/// <summary>One of those who make up a person.</summary>
internal sealed record PersonMember(Guid Subject, DateTimeOffset FirstSeen, string? BroughtBy, IReadOnlyList<IdentifierOrigin> Identifiers, long Completions, long Issuances, IReadOnlyList<ConsentFact> Consents);

/// <summary>A standing merge.</summary>
internal sealed record MergeLine(long Id, Guid Merged, Guid Survivor, DateTimeOffset MergedAt);

/// <summary>People who share something.</summary>
/// <param name="Shared">What: <c>name</c> or <c>email</c>.</param>
/// <param name="People">Their subject ids.</param>
internal sealed record LookAlikes(string Shared, IReadOnlyList<Guid> People);

/// <summary>A hold or a review whose time is over.</summary>
internal sealed record DueLine(Guid Issuance, Guid Subject, string Definition, string Cause, bool IsReview);

/// <summary>A course of which a source told.</summary>
internal sealed record SeenCourse(string Source, string Course);
