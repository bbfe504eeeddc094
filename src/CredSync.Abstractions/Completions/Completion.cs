namespace CredSync.Completions;

/// <summary>
/// The fact that someone finished something, normalised from whatever a platform says. It is revised when the platform
/// corrects it (a better grade, a withdrawal), never duplicated: <see cref="Key"/> stays the same.
/// </summary>
public sealed record Completion
{
    /// <summary>Identity of the fact.</summary>
    public required CompletionKey Key { get; init; }

    /// <summary>
    /// Who it is about, as the platform names them; at least one. Values are kept as the platform spells them; matching normalises.
    /// </summary>
    public required IReadOnlyList<PersonIdentifier> Identifiers { get; init; }

    /// <summary>The person's name for display on the credential; null when the platform gives none. Never a username.</summary>
    public string? PersonName { get; init; }

    /// <summary>What was finished.</summary>
    public required Course Course { get; init; }

    /// <summary>Where it stands now.</summary>
    public required CompletionStatus Status { get; init; }

    /// <summary>Whether the person passed; null when the platform does not say. Completed and passed are different things.</summary>
    public bool? Passed { get; init; }

    /// <summary>
    /// When it was completed, UTC. Null when not completed, or when the platform says that it is complete but not when.
    /// Never the time of reading.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How exact <see cref="CompletedAt"/> is.</summary>
    public TimePrecision CompletedAtPrecision { get; init; }

    /// <summary>The result; null when there is none.</summary>
    public Score? Score { get; init; }

    /// <summary>The platform's own page that proves it; null when there is none.</summary>
    public Uri? CertificateUrl { get; init; }

    /// <summary>Further evidence that may go on the credential.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>Whether the person consented to their data leaving; null when the platform does not say. False holds every issuance.</summary>
    public bool? ConsentGiven { get; init; }

    /// <summary>A machine code that explains <see cref="Status"/>, for example <c>recompletion_reset</c>; null when there is nothing to explain.</summary>
    public string? StatusReason { get; init; }

    /// <summary>When the platform last changed the record, UTC; orders revisions. Null when it does not say. Not part of the content.</summary>
    public DateTimeOffset? SourceUpdatedAt { get; init; }

    /// <summary>Id of the message that told us (webhook delivery, statement), for audit only; null for polls. Not part of the content.</summary>
    public string? SourceEventId { get; init; }
}
