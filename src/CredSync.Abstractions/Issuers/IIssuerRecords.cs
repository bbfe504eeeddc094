namespace CredSync.Issuers;

/// <summary>What the host keeps for one issuer, where every worker that mints or answers for it sees the same.</summary>
public interface IIssuerRecords
{
    /// <summary>A document that was kept; null when there is none.</summary>
    /// <param name="path">Its path below the public address, beginning with a slash.</param>
    /// <param name="ct">Cancels.</param>
    Task<KeptDocument?> DocumentAsync(string path, CancellationToken ct);

    /// <summary>Keeps a document, unless one of a higher version, or of the same version and made later, is there.</summary>
    /// <param name="path">Its path below the public address, beginning with a slash.</param>
    /// <param name="document">The document.</param>
    /// <param name="ct">Cancels.</param>
    Task KeepAsync(string path, KeptDocument document, CancellationToken ct);

    /// <summary>A credential by its id; null when it was not minted here.</summary>
    /// <param name="credentialId">As <see cref="IssuedCredential.CredentialId"/> gave it.</param>
    /// <param name="ct">Cancels.</param>
    Task<KeptCredential?> CredentialAsync(string credentialId, CancellationToken ct);

    /// <summary>Which status numbers were given and which of them are revoked.</summary>
    /// <param name="ct">Cancels.</param>
    Task<StatusNumbers> StatusNumbersAsync(CancellationToken ct);

    /// <summary>Gives the entries that wait for it their positions in the issuer's log: from 0, without gaps, for good.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many entries the log has.</returns>
    Task<long> SequenceLogAsync(CancellationToken ct);

    /// <summary>Entries of the log in the order of their positions.</summary>
    /// <param name="from">The first position.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(long from, int count, CancellationToken ct);

    /// <summary>The position of a credential in the log; null when it is not logged, or waits for its position.</summary>
    /// <param name="issuance">The issuance.</param>
    /// <param name="ct">Cancels.</param>
    Task<long?> LogPositionAsync(Guid issuance, CancellationToken ct);

    /// <summary>The facts of a definition as they are in force; null when there is none (any more), or this worker has no rule book.</summary>
    /// <param name="id">Id of the definition.</param>
    CredentialFacts? Definition(string id);
}

/// <summary>A document that the host keeps for an issuer.</summary>
public sealed record KeptDocument
{
    /// <summary>The media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>The bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Of two versions the higher one stays.</summary>
    public long Version { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Until when it may be used, UTC; null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }
}

/// <summary>A credential that the host keeps for an issuer.</summary>
public sealed record KeptCredential
{
    /// <summary>Identity of the right that it was minted for.</summary>
    public required Guid IssuanceId { get; init; }

    /// <summary>The credential in the forms in which it was minted.</summary>
    public required IssuedCredential Credential { get; init; }

    /// <summary>Since when it is revoked, UTC; null when it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why it was revoked; null when it is not.</summary>
    public string? RevocationReason { get; init; }
}

/// <summary>The status numbers of an issuer.</summary>
/// <param name="Next">The number that will be given next: all below it are given, or skipped for ever.</param>
/// <param name="Revoked">The numbers whose credentials are revoked, in order.</param>
public sealed record StatusNumbers(long Next, IReadOnlyList<long> Revoked);
