using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Verification;

/// <summary>
/// Finds the keys that a credential's proofs name: in the documents at hand, in the name itself (did:key), in the issuer's published document, and at last,
/// without anything that shows that the issuer published it, in the fragment of the name.
/// </summary>
internal sealed class IssuerKeys : IVerificationKeyResolver
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    private sealed record Entry(ResolvedKey? Key, bool Published, string? Failure);

    /// <summary>Looks all names up, so that verifying needs no network.</summary>
    public static async Task<IssuerKeys> FindAsync(IEnumerable<string> names, string? issuer, VerificationSession session, CancellationToken ct)
    {
        var keys = new IssuerKeys();
        foreach (string name in names.Distinct(StringComparer.Ordinal).Take(8))
        {
            keys.entries[name] = await FindAsync(name, issuer, session, ct).ConfigureAwait(false);
        }

        return keys;
    }

    public ResolvedKey? Resolve(string verificationMethod) => entries.TryGetValue(verificationMethod, out Entry? entry)
        ? entry.Failure is null ? entry.Key : throw new KeyException(entry.Failure)
        : null;

    /// <summary>Whether the issuer is known to have published the key: it stands in the issuer's document, or is the issuer's name.</summary>
    public bool IsPublished(string? verificationMethod) => verificationMethod is not null && entries.TryGetValue(verificationMethod, out Entry? entry) && entry.Published;

    private static async Task<Entry> FindAsync(string name, string? issuer, VerificationSession session, CancellationToken ct)
    {
        try
        {
            return await LookUpAsync(name, issuer, session, ct).ConfigureAwait(false);
        }
        catch (KeyException fault)
        {
            return new(null, false, fault.Message);
        }
    }

    private static async Task<Entry> LookUpAsync(string name, string? issuer, VerificationSession session, CancellationToken ct)
    {
        string controller = name.Split('#', 2)[0];
        if (controller.StartsWith("did:key:", StringComparison.Ordinal))
        {
            return new(new(DidKey.Resolve(name), controller), Published: true, null);
        }

        JsonObject? document = session.Options.DidDocuments.FirstOrDefault(d => CredentialFacts.Text(d, "id") == controller);
        string? missing = null;
        if (document is null && DidWeb.Is(controller))
        {
            (document, missing) = await session.FetchJsonAsync(DidWeb.ToUrl(controller).AbsoluteUri, ct).ConfigureAwait(false);
        }
        else if (document is null && controller.StartsWith("https://", StringComparison.Ordinal))
        {
            (JsonObject? found, missing) = await session.FetchJsonAsync(controller, ct).ConfigureAwait(false);
            if (found is not null && FromWeb(found, name, controller, issuer) is { } entry)
            {
                return entry;
            }
        }

        if (document is not null)
        {
            return new(new(DidDocument.FindAssertionKey(document, name), controller), Published: true, null);
        }

        ResolvedKey? carried = KeyResolvers.KeysInFragments.Resolve(name);
        return carried is not null
            ? new(carried, Published: false, null)
            : new(null, false, missing is null ? "The proof names its key in a way that leads nowhere." : $"The document with the key cannot be used: {missing}");
    }

    // At an https address stands the key alone (a JWK, or a method with publicKeyMultibase), or the controller's whole document.
    private static Entry? FromWeb(JsonObject document, string name, string controller, string? issuer)
    {
        if (document.ContainsKey("assertionMethod") && CredentialFacts.Text(document, "id") == controller)
        {
            return new(new(DidDocument.FindAssertionKey(document, name), controller), Published: true, null);
        }

        if (document.ContainsKey("kty"))
        {
            // A bare JWK does not say whose it is; it is the issuer's when it is served from the issuer's own host.
            return new(new(VerificationKey.FromJwk(document), SameHost(controller, issuer) ? issuer! : controller), Published: true, null);
        }

        return CredentialFacts.Text(document, "publicKeyMultibase") is { } multibase && CredentialFacts.Text(document, "controller") is { } owner && SameHost(controller, owner)
            ? new(new(VerificationKey.FromMultikey(multibase), owner), Published: true, null)
            : null;
    }

    private static bool SameHost(string one, string? other)
    {
        Uri? address = other is null ? null : Uri.TryCreate(DidWeb.Is(other) ? DidWeb.ToUrl(other).AbsoluteUri : other, UriKind.Absolute, out Uri? uri) ? uri : null;
        return address is { Scheme: "https" } && Uri.TryCreate(one, UriKind.Absolute, out Uri? first)
            && first.Scheme == address.Scheme && first.IdnHost == address.IdnHost && first.Port == address.Port;
    }
}
