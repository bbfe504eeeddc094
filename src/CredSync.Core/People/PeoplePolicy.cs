using CredSync.Completions;

namespace CredSync.Core.People;

/// <summary>How identifiers are matched to people, from <c>people.yaml</c>.</summary>
public sealed record PeoplePolicy
{
    /// <summary>The policy when nothing is configured: every kind, strongest first, and unknown people are created.</summary>
    public static PeoplePolicy Default { get; } = new();

    /// <summary>
    /// The kinds of identifiers that are used, strongest first; see <see cref="IdentifierKinds"/>. A kind that is not listed is ignored.
    /// Default: all kinds.
    /// </summary>
    public IReadOnlyList<string> MatchOrder { get; init; } = IdentifierKinds.All;

    /// <summary>
    /// Whether a person whom nothing known names becomes a new person. False means that people must be in the directory first, and
    /// their completions are held as <c>person-unknown</c> until they are. Default true.
    /// </summary>
    public bool MayCreateUnknown { get; init; } = true;

    /// <summary>Whether an e-mail address counts only when the platform vouches for it. Default false.</summary>
    public bool EmailMustBeVerified { get; init; }

    /// <summary>
    /// Whether somebody whose e-mail address belongs to a person with another identifier of the same kind becomes a new person. False means that they are held as
    /// <c>person-contradicted</c>: the address may have passed to somebody else, or the platform may have changed its ids. The directory settles it. Default false.
    /// </summary>
    public bool MayCreateContradicted { get; init; }

    /// <summary>Which of a person's names goes on credentials. Default: preferred.</summary>
    public NamePolicy Name { get; init; }

    /// <summary>Whom the organisation knows; empty when there is no directory.</summary>
    public PeopleDirectory Directory { get; init; } = PeopleDirectory.Empty;

    /// <summary>How many new people a source may bring in a day.</summary>
    public NewPeopleLimit NewPeople { get; init; } = new();

    /// <summary>The organisation's namespace, under which subject ids are derived; see <see cref="PersonMatcher"/>.</summary>
    public Guid Namespace { get; init; } = new("0b3f2a4d-6c1e-5f7a-8d92-3e4b5a6c7d80");

    /// <summary>Whether a kind is an attribute of a person, which may change and pass to others, rather than their identity.</summary>
    /// <param name="kind">One of <see cref="IdentifierKinds"/>.</param>
    public static bool IsAttribute(string kind) => kind is IdentifierKinds.Email or IdentifierKinds.EmailSha1;
}
