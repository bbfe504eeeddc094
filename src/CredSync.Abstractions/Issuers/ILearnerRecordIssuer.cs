namespace CredSync.Issuers;

/// <summary>An optional power of an issuer: a person's credentials as one signed record (CLR 2.0).</summary>
public interface ILearnerRecordIssuer
{
    /// <summary>Puts credentials together and signs the record.</summary>
    /// <param name="request">Whose record, and what is in it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The record.</returns>
    /// <exception cref="IssuerException">It cannot be signed.</exception>
    Task<CredentialDocument> CompileAsync(LearnerRecordRequest request, CancellationToken ct);
}

/// <summary>A person's record to compile.</summary>
public sealed record LearnerRecordRequest
{
    /// <summary>Stable subject id of the person, as in <see cref="Recipient.SubjectId"/>.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>Title of the record.</summary>
    public required string Name { get; init; }

    /// <summary>The credentials as they were signed; each keeps its own proof. At least one.</summary>
    public required IReadOnlyList<CredentialDocument> Credentials { get; init; }

    /// <summary>Which credentials count towards which others. Default none.</summary>
    public IReadOnlyList<CredentialStack> Stacks { get; init; } = [];

    /// <summary>When it is compiled, UTC, whole seconds.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A credential that others count towards.</summary>
/// <param name="Whole">The credential.</param>
/// <param name="Parts">Those that count towards it.</param>
public sealed record CredentialStack(CredentialFacts Whole, IReadOnlyList<CredentialFacts> Parts);
