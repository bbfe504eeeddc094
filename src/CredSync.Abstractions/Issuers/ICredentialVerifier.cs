namespace CredSync.Issuers;

/// <summary>Verifies a credential document, for <c>credsync verify</c> and the demo.</summary>
public interface ICredentialVerifier
{
    /// <summary>Verifies a document.</summary>
    /// <param name="document">The bytes of a credential: JSON, JWT, or an image it is baked into.</param>
    /// <param name="ct">Cancels the verification.</param>
    /// <returns>Every check with its result. A credential that does not verify is a result, not an exception.</returns>
    Task<IReadOnlyList<CheckResult>> VerifyAsync(ReadOnlyMemory<byte> document, CancellationToken ct);
}
