using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>How often one person may earn the same credential.</summary>
public enum Occurrence
{
    /// <summary>Once; again only when it has expired or may be renewed.</summary>
    Once,

    /// <summary>Once for each completion that earns it.</summary>
    Each,

    /// <summary>Once in each calendar year of the organisation's time zone, by completions of that year.</summary>
    PerYear,

    /// <summary>Once for each run of the course, by completions of that run.</summary>
    PerCohort,
}

/// <summary>What happens to an issued credential when what earned it is withdrawn, revoked or no longer good enough.</summary>
public enum RevocationPolicy
{
    /// <summary>A person is asked.</summary>
    Review,

    /// <summary>It stays.</summary>
    Keep,

    /// <summary>Its revocation is asked for.</summary>
    Revoke,
}

/// <summary>What becomes of an issuance that nobody approved in time.</summary>
public enum ApprovalLapse
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>It is issued.</summary>
    Issue,
}

/// <summary>Who must approve an issuance.</summary>
/// <param name="By">The role.</param>
public sealed record Approval(string By)
{
    /// <summary>Why, for those who approve; null when the file does not say.</summary>
    public string? Because { get; init; }

    /// <summary>How long they have; null: for ever.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>What happens then. Default: it is refused.</summary>
    public ApprovalLapse AfterThat { get; init; }
}

/// <summary>How long a credential is valid.</summary>
/// <param name="For">From the date on which it was earned.</param>
/// <param name="RenewWithin">How long before its expiry a new completion renews it; null: only after it.</param>
public sealed record Validity(Period For, Period? RenewWithin);

/// <summary>One of the issuers of a credential.</summary>
/// <param name="Issuer">Its name as configured.</param>
/// <param name="Template">Id of the template there; null for issuers that have none.</param>
public sealed record IssuerChoice(string Issuer, string? Template);

/// <summary>What may be awarded, and when: one file under <c>credentials/</c>.</summary>
public sealed record CredentialDefinition
{
    /// <summary>Its id; part of every issuance key.</summary>
    public required string Id { get; init; }

    /// <summary>Title for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it stands for, plain text.</summary>
    public required string Description { get; init; }

    /// <summary>What must be done to earn it, Markdown.</summary>
    public required string Criteria { get; init; }

    /// <summary>Page with the criteria; null when there is none.</summary>
    public string? CriteriaUrl { get; init; }

    /// <summary>Open Badges achievement type.</summary>
    public string AchievementType { get; init; } = "CertificateOfCompletion";

    /// <summary>Skills that it shows.</summary>
    public IReadOnlyList<Skill> Skills { get; init; } = [];

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Version as its authors number it; null when they do not.</summary>
    public string? Version { get; init; }

    /// <summary>Colour of a drawn badge image, <c>#rrggbb</c>; null for the issuer's default.</summary>
    public string? Colour { get; init; }

    /// <summary>Whether the result goes on the credential. Default false.</summary>
    public bool IncludeResult { get; init; }

    /// <summary>How long it is valid; null when it does not expire.</summary>
    public Validity? Validity { get; init; }

    /// <summary>Who issues it, the main one first; at least one, each with its own issuance.</summary>
    public required IReadOnlyList<IssuerChoice> Issuers { get; init; }

    /// <summary>Who must approve each issuance; null when nobody must.</summary>
    public Approval? Approval { get; init; }

    /// <summary>How often one person may earn it.</summary>
    public Occurrence Occurrence { get; init; }

    /// <summary>What happens to an issued one when the completion behind it is withdrawn or revoked.</summary>
    public RevocationPolicy OnRevoked { get; init; }

    /// <summary>How long what earned it may still be put right before <see cref="OnRevoked"/> acts; zero: not at all.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>What earns it.</summary>
    public required Rule Earn { get; init; }

    /// <summary>What excludes from it; null when nothing does.</summary>
    public Rule? Unless { get; init; }

    /// <summary>Where it is written.</summary>
    public FilePosition Position { get; init; }

    /// <summary>Name of the main issuer.</summary>
    public string Issuer => Issuers[0].Issuer;

    /// <summary>Id of the template at the main issuer; null when it has none.</summary>
    public string? Template => Issuers[0].Template;

    /// <summary>The facts that go on a credential of the main issuer.</summary>
    public CredentialFacts ToFacts() => ToFacts(Issuer);

    /// <summary>The facts that go on a credential.</summary>
    /// <param name="issuer">Name of the issuer; decides the template.</param>
    public CredentialFacts ToFacts(string issuer) => new()
    {
        Id = Id,
        Name = Name,
        Description = Description,
        Criteria = Criteria,
        CriteriaUrl = CriteriaUrl,
        AchievementType = AchievementType,
        Skills = Skills,
        Tags = Tags,
        Version = Version,
        Colour = Colour,
        IncludeResult = IncludeResult,
        Template = Issuers.FirstOrDefault(i => i.Issuer == issuer)?.Template,
    };
}
