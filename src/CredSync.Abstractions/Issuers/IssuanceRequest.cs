namespace CredSync.Issuers;

/// <summary>One credential to mint.</summary>
public sealed record IssuanceRequest
{
    /// <summary>Identity of the right to this credential; the same right always has the same id (UUID version 5).</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>What is awarded.</summary>
    public required CredentialFacts Credential { get; init; }

    /// <summary>Who gets it.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary>What it was earned by.</summary>
    public required AwardFacts Award { get; init; }

    /// <summary>When it is issued, UTC, whole seconds; stored once, so that a repeated request says the same.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>
    /// The running number of this credential among all of its issuer's, from 0, for its place in a status list: the same when the request is repeated, and never
    /// given to another. Null for an issuer without <see cref="IssuerCapabilities.StatusNumbers"/>, and for what began before it had that.
    /// </summary>
    public long? StatusNumber { get; init; }
}

/// <summary>What is awarded: the facts of a credential definition.</summary>
public sealed record CredentialFacts
{
    /// <summary>Id of the definition, for example <c>data-foundations</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Title for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it stands for, plain text.</summary>
    public required string Description { get; init; }

    /// <summary>What must be done to earn it, Markdown.</summary>
    public required string Criteria { get; init; }

    /// <summary>Page with the criteria; null when there is none.</summary>
    public string? CriteriaUrl { get; init; }

    /// <summary>Open Badges achievement type. Default <c>CertificateOfCompletion</c>.</summary>
    public string AchievementType { get; init; } = "CertificateOfCompletion";

    /// <summary>Skills that it shows.</summary>
    public IReadOnlyList<Skill> Skills { get; init; } = [];

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Version of the definition as its authors number it; null when they do not.</summary>
    public string? Version { get; init; }

    /// <summary>Colour of a drawn badge image, <c>#rrggbb</c>; null for the issuer's default.</summary>
    public string? Colour { get; init; }

    /// <summary>Id of the template at the remote issuer; null for the built-in issuer.</summary>
    public string? Template { get; init; }

    /// <summary>Whether the result goes on the credential: grades are personal data. Default false.</summary>
    public bool IncludeResult { get; init; }
}

/// <summary>A skill that a credential shows.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="Url">Its page in a competency framework; null when it is only a name.</param>
/// <param name="Framework">Name of the framework, for example <c>ESCO</c>; null when unknown.</param>
/// <param name="Code">Code within the framework; null when unknown.</param>
public sealed record Skill(string Name, string? Url = null, string? Framework = null, string? Code = null);

/// <summary>Who gets a credential. Personal data.</summary>
public sealed record Recipient
{
    /// <summary>Stable subject id of the person (UUID), the same for all their credentials from one organisation.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>Name for display; null when unknown.</summary>
    public string? Name { get; init; }

    /// <summary>Current e-mail address; null when unknown.</summary>
    public string? Email { get; init; }
}

/// <summary>What a credential was earned by.</summary>
public sealed record AwardFacts
{
    /// <summary>When it was earned, UTC: the date of the completion that fulfilled the rule, never the time of processing.</summary>
    public required DateTimeOffset EarnedAt { get; init; }

    /// <summary>When it expires, UTC; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The result as a fraction 0 to 1; null when there is none, or none that counts.</summary>
    public decimal? ScoreScaled { get; init; }

    /// <summary>The result as text; null when there is none.</summary>
    public string? ScoreText { get; init; }

    /// <summary>The completions that earned it.</summary>
    public IReadOnlyList<EarnedBy> EarnedBy { get; init; } = [];
}

/// <summary>One completion that earned a credential.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="CourseTitle">Title of the course, or its key when it has no title.</param>
/// <param name="CompletedAt">When it was completed, UTC.</param>
/// <param name="CertificateUrl">The platform's own page that proves it; null when there is none.</param>
public sealed record EarnedBy(string Source, string CourseTitle, DateTimeOffset CompletedAt, string? CertificateUrl = null);
