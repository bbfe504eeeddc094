using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Proofs;

/// <summary>The resolvers that need nothing but what they are given.</summary>
public static class KeyResolvers
{
    /// <summary>Resolves <c>did:key</c>, whose key is its name. The controller is the DID.</summary>
    public static IVerificationKeyResolver DidKeys { get; } = new DidKeyResolver();

    /// <summary>
    /// Takes the key from a fragment that is a Multikey value (<c>https://example.org/issuers/1#z6Mk…</c>), with what stands before <c>#</c> as the controller, as 1EdTech's
    /// validator does. Nothing proves that the controller knows the key: anyone can write such a name. Use it to check that a credential is
    /// unchanged, or where the issuer is trusted by other means, and prefer <see cref="FromDidDocuments"/>.
    /// </summary>
    public static IVerificationKeyResolver KeysInFragments { get; } = new FragmentResolver();

    /// <summary>Resolves against DID documents that the caller has fetched, and <c>did:key</c> besides.</summary>
    /// <param name="documents">The documents; each must have an <c>id</c>.</param>
    public static IVerificationKeyResolver FromDidDocuments(params IEnumerable<JsonObject> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return new DocumentResolver([.. documents]);
    }

    /// <summary>Asks one resolver after the other until one knows the name.</summary>
    /// <param name="resolvers">In the order of asking.</param>
    public static IVerificationKeyResolver FirstOf(params IEnumerable<IVerificationKeyResolver> resolvers)
    {
        ArgumentNullException.ThrowIfNull(resolvers);
        return new FirstResolver([.. resolvers]);
    }

    private static string Controller(string verificationMethod)
    {
        int hash = verificationMethod.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? verificationMethod : verificationMethod[..hash];
    }

    private sealed class DidKeyResolver : IVerificationKeyResolver
    {
        public ResolvedKey? Resolve(string verificationMethod) => verificationMethod.StartsWith("did:key:", StringComparison.Ordinal)
            ? new ResolvedKey(DidKey.Resolve(verificationMethod), Controller(verificationMethod))
            : null;
    }

    private sealed class FragmentResolver : IVerificationKeyResolver
    {
        public ResolvedKey? Resolve(string verificationMethod)
        {
            string controller = Controller(verificationMethod);
            if (controller.Length + 1 >= verificationMethod.Length) return null;
            string fragment = verificationMethod[(controller.Length + 1)..];
            return fragment.StartsWith('z') ? new ResolvedKey(VerificationKey.FromMultikey(fragment), controller) : null;
        }
    }

    private sealed class DocumentResolver(IReadOnlyList<JsonObject> documents) : IVerificationKeyResolver
    {
        public ResolvedKey? Resolve(string verificationMethod)
        {
            string controller = Controller(verificationMethod);
            foreach (JsonObject document in documents)
            {
                if (document["id"] is JsonValue id && id.TryGetValue(out string? did) && did == controller)
                    return new ResolvedKey(DidDocument.FindAssertionKey(document, verificationMethod), controller);
            }

            return DidKeys.Resolve(verificationMethod);
        }
    }

    private sealed class FirstResolver(IReadOnlyList<IVerificationKeyResolver> resolvers) : IVerificationKeyResolver
    {
        public ResolvedKey? Resolve(string verificationMethod) =>
            resolvers.Select(resolver => resolver.Resolve(verificationMethod)).FirstOrDefault(found => found is not null);
    }
}
