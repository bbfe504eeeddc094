namespace CredSync.Issuers;

/// <summary>Verifies a credential document, for <c>credsync verify</c> and the demo.</summary>
public interface ICredentialVerifier
{
    /// <summary>Verifies a document.</summary>
    /// <param name="document">The bytes of a credential: JSON, JWT, or an image it is baked into.</param>
    /// <param name="ct">Cancels the verification.</param>
    /// <returns>Every check with its result. A credential that does not verify is a result, not an exception.</returns>
    Task<IReadOnlyList<CheckResult>> VerifyAsync(ReadOnlyMemory<byte> document, CancellationToken ct);

    /// <summary>Verifies a document with more than it says itself.</summary>
    /// <param name="document">The bytes of a credential: JSON, JWT, or an image it is baked into.</param>
    /// <param name="scope">What may be used.</param>
    /// <param name="ct">Cancels the verification.</param>
    Task<VerificationResult> VerifyAsync(ReadOnlyMemory<byte> document, VerificationScope scope, CancellationToken ct);

    /// <summary>Fetches a credential, within the limits that hold for everything that is fetched: size, time, redirects, public addresses.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="scope">What is allowed.</param>
    /// <param name="ct">Cancels the fetch.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IssuerException">It could not be had, or must not be fetched.</exception>
    Task<ReadOnlyMemory<byte>> FetchAsync(Uri address, VerificationScope scope, CancellationToken ct);
}
