namespace CredSync.Issuers.Http;

/// <summary>Keeps effect once where the issuer has no idempotency key.</summary>
internal static class Minting
{
    /// <summary>Mints, and settles an unknown outcome by looking the credential up at once.</summary>
    /// <param name="mint">Mints once.</param>
    /// <param name="find">Finds what was minted for the same issuance; null when there is nothing yet.</param>
    /// <exception cref="IssuerException">
    /// Not minted, or still in doubt: a look-up right after a time-out that finds nothing proves nothing, for the request may still be under way.
    /// </exception>
    public static async Task<IssuedCredential> OnceAsync(Func<Task<IssuedCredential>> mint, Func<Task<IssuedCredential?>> find)
    {
        try
        {
            return await mint().ConfigureAwait(false);
        }
        catch (IssuerException doubt) when (doubt.Kind == FaultKind.InDoubt)
        {
            IssuedCredential? found = null;
            try
            {
                found = await find().ConfigureAwait(false);
            }
            catch (IssuerException)
            {
                // The doubt is what must be told; the host looks up again later.
            }

            if (found is not null)
            {
                return found;
            }

            throw;
        }
    }
}
