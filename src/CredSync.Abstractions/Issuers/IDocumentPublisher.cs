namespace CredSync.Issuers;

/// <summary>
/// An optional power of an issuer: documents under a public address of its own, so that the ids in its credentials lead somewhere. The host listens and keeps what
/// must be kept; the issuer says what is answered.
/// </summary>
public interface IDocumentPublisher
{
    /// <summary>The public base address; null when nothing is published.</summary>
    Uri? Address { get; }

    /// <summary>
    /// Brings the documents up to date that need the issuer's keys (its key document, status lists), and keeps them in the records. Called by workers that mint: at
    /// the start, after each revocation, and regularly; several may call at once.
    /// </summary>
    /// <param name="records">What the host keeps for this issuer.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="IssuerException">They cannot be made; the host says so and tries again.</exception>
    Task PublishAsync(IIssuerRecords records, CancellationToken ct);

    /// <summary>Answers a request at the public address. Called by workers that may have no keys.</summary>
    /// <param name="request">The request.</param>
    /// <param name="records">What the host keeps for this issuer.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The answer; null when there is nothing at this path.</returns>
    Task<PublicAnswer?> AnswerAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct);
}

/// <summary>A request at an issuer's public address.</summary>
public sealed record PublicRequest
{
    /// <summary><c>GET</c> or <c>POST</c>; the host answers HEAD and OPTIONS by itself.</summary>
    public required string Method { get; init; }

    /// <summary>The path below the base address, decoded, beginning with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>Parameters of the query, the last of each name.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Header fields by name, in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body; empty when there is none. At most one megabyte.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it came, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>An answer at an issuer's public address.</summary>
public sealed record PublicAnswer
{
    /// <summary>The HTTP status. Default 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The media type, with its character set where it has one.</summary>
    public required string MediaType { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>How long anyone may keep it; null when nobody may.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Further header fields. Default none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
