using CredSync.Issuers;

namespace CredSync.Host.Issue;

/// <summary>
/// What the issue side keeps beside its journal, in the same database: revocations, status numbers, and the documents of issuers. Every operation is one transaction;
/// what it returns has been committed.
/// </summary>
internal interface IIssuerStore
{
    /// <summary>Notes revocations before their issuer is asked, and says for each whether it is done already. What was noted first stands.</summary>
    Task<IReadOnlyList<RevocationNote>> NoteRevocationsAsync(IReadOnlyList<RevocationNote> revocations, CancellationToken ct);

    /// <summary>Notes that issuers have confirmed revocations.</summary>
    Task ConfirmRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);

    /// <summary>A document of an issuer; null when there is none.</summary>
    Task<KeptDocument?> DocumentAsync(string issuer, string path, CancellationToken ct);

    /// <summary>Keeps a document, unless one of a higher version, or of the same version and made later, is there.</summary>
    Task KeepAsync(string issuer, string path, KeptDocument document, CancellationToken ct);

    /// <summary>A credential of an issuer by its id; null when it was not minted here.</summary>
    Task<KeptCredential?> CredentialAsync(string issuer, string credentialId, CancellationToken ct);

    /// <summary>Gives the waiting entries of an issuer's log their positions.</summary>
    /// <returns>How many entries the log has.</returns>
    Task<long> SequenceLogAsync(string issuer, CancellationToken ct);

    /// <summary>Entries of an issuer's log in the order of their positions.</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(string issuer, long from, int count, CancellationToken ct);

    /// <summary>The position of a credential in its issuer's log; null when it has none.</summary>
    Task<long?> LogPositionAsync(string issuer, Guid issuance, CancellationToken ct);

    /// <summary>Which status numbers of an issuer were given and which of them are revoked.</summary>
    Task<StatusNumbers> StatusNumbersAsync(string issuer, CancellationToken ct);
}

/// <summary>A revocation as the issue side notes it.</summary>
internal sealed record RevocationNote
{
    public required Guid Issuance { get; init; }

    public required string Issuer { get; init; }

    public required string CredentialId { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>The credential's number; null when it has none. Read from the journal, whatever was given.</summary>
    public long? StatusNumber { get; init; }

    /// <summary>Whether the issuer has confirmed it already.</summary>
    public bool IsConfirmed { get; init; }
}
