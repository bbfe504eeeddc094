namespace CredSync.OpenBadges.Keys;

/// <summary>
/// <c>did:key</c> identifiers: the key is the name, nothing is published and nothing can be rotated or withdrawn.
/// For tests and closed networks; issue under <see cref="DidWeb"/> otherwise.
/// </summary>
public static class DidKey
{
    private const string Prefix = "did:key:";

    /// <summary>The DID of a key, for example <c>did:key:z6Mk…</c>.</summary>
    /// <param name="key">The public key.</param>
    public static string Of(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Prefix + key.PublicMultibase;
    }

    /// <summary>The verification method of a key: the DID, <c>#</c> and the key again. Verifiers refuse the bare DID.</summary>
    /// <param name="key">The public key.</param>
    public static string VerificationMethod(VerificationKey key) => $"{Of(key)}#{key.PublicMultibase}";

    /// <summary>Reads the key that a <c>did:key</c> is made of.</summary>
    /// <param name="didOrVerificationMethod">The DID; a fragment, where there is one, must repeat the key.</param>
    /// <exception cref="KeyException">It is not a <c>did:key</c>, the fragment names another key, or the key is of an unknown kind.</exception>
    public static VerificationKey Resolve(string didOrVerificationMethod)
    {
        ArgumentNullException.ThrowIfNull(didOrVerificationMethod);
        if (!didOrVerificationMethod.StartsWith(Prefix, StringComparison.Ordinal))
            throw new KeyException("The identifier is not a did:key.");
        ReadOnlySpan<char> rest = didOrVerificationMethod.AsSpan(Prefix.Length);
        int hash = rest.IndexOf('#');
        ReadOnlySpan<char> name = hash < 0 ? rest : rest[..hash];
        if (hash >= 0 && !rest[(hash + 1)..].SequenceEqual(name))
            throw new KeyException("The fragment of a did:key must repeat its key.");
        return Multikey.Decode(name.ToString());
    }
}
