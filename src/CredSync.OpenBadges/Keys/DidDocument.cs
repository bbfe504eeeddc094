using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// DID documents: what an issuer publishes so that others find its keys (DID Core 1.0 section 5). Serve it as <c>application/json</c> with
/// <c>Access-Control-Allow-Origin: *</c> and without a redirect.
/// </summary>
public static class DidDocument
{
    /// <summary>
    /// The name of a key in a DID's document: the DID, <c>#</c> and, for Ed25519, the Multikey value itself (so that verifiers can read the key from
    /// the name), for other keys the RFC 7638 thumbprint of the JWK. For a <c>did:key</c> always the key itself.
    /// </summary>
    /// <param name="did">The issuer's DID, without a fragment.</param>
    /// <param name="key">The public key.</param>
    public static string VerificationMethod(string did, VerificationKey key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(did);
        ArgumentNullException.ThrowIfNull(key);
        bool byValue = key.Algorithm == KeyAlgorithm.Ed25519 || did.StartsWith("did:key:", StringComparison.Ordinal);
        return $"{did}#{(byValue ? key.PublicMultibase : key.Thumbprint)}";
    }

    /// <summary>
    /// Builds the document: every key is a verification method with its full id, listed as a string under <c>assertionMethod</c> (1EdTech's
    /// resolver reads no embedded objects there). Keep retired keys in the list for as long as credentials that they signed shall verify.
    /// </summary>
    /// <param name="did">The issuer's DID, without a fragment.</param>
    /// <param name="keys">The keys, the current one first; each once, at least one.</param>
    /// <exception cref="KeyException">There is no key, or one is listed twice.</exception>
    public static JsonObject Build(string did, IEnumerable<VerificationKey> keys)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(did);
        ArgumentNullException.ThrowIfNull(keys);
        JsonArray methods = [];
        JsonArray assertions = [];
        HashSet<string> seen = [];
        bool multikey = false, jwk = false;
        foreach (VerificationKey key in keys)
        {
            string id = VerificationMethod(did, key);
            if (!seen.Add(id)) throw new KeyException("A key is listed twice in the DID document; list each key once.");
            bool edwards = key.Algorithm == KeyAlgorithm.Ed25519;
            (multikey, jwk) = (multikey || edwards, jwk || !edwards);
            JsonObject method = new() { ["id"] = id, ["type"] = edwards ? "Multikey" : "JsonWebKey", ["controller"] = did };
            if (edwards) method["publicKeyMultibase"] = key.PublicMultibase;
            else method["publicKeyJwk"] = key.PublicJwk;
            methods.Add((JsonNode)method);
            assertions.Add((JsonNode)id);
        }

        if (seen.Count == 0) throw new KeyException("A DID document needs at least one key.");
        JsonArray context = ["https://www.w3.org/ns/did/v1"];
        if (multikey) context.Add((JsonNode)"https://w3id.org/security/multikey/v1");
        if (jwk) context.Add((JsonNode)"https://w3id.org/security/jwk/v1");
        return new JsonObject { ["@context"] = context, ["id"] = did, ["verificationMethod"] = methods, ["assertionMethod"] = assertions };
    }

    /// <summary>Finds a key in a document, under the rules of Controlled Identifiers 1.0 section 3.3.</summary>
    /// <param name="document">The document as it was fetched.</param>
    /// <param name="verificationMethod">The full id of the wanted method, <c>DID#fragment</c>.</param>
    /// <returns>The key.</returns>
    /// <exception cref="KeyException">The document is of another DID, does not list the method under <c>assertionMethod</c>, or holds no usable key.</exception>
    public static VerificationKey FindAssertionKey(JsonObject document, string verificationMethod)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrWhiteSpace(verificationMethod);
        int hash = verificationMethod.IndexOf('#', StringComparison.Ordinal);
        string did = hash < 0 ? verificationMethod : verificationMethod[..hash];
        if (Text(document, "id") != did) throw new KeyException("The DID document is of another DID than the verification method.");
        if (!Entries(document, "assertionMethod").Any(entry => Same(entry, did, verificationMethod)))
            throw new KeyException("The DID document does not list the verification method under assertionMethod.");
        JsonObject method = Entries(document, "assertionMethod").Concat(Entries(document, "verificationMethod")).OfType<JsonObject>()
            .FirstOrDefault(entry => Same(entry, did, verificationMethod))
            ?? throw new KeyException("The DID document does not hold the verification method.");
        if (Text(method, "controller") is { } controller && controller != did)
            throw new KeyException("The verification method belongs to another controller than its DID document.");
        if (method.ContainsKey("revoked")) throw new KeyException("The DID document marks the verification method as revoked.");
        if (Text(method, "publicKeyMultibase") is { } multibase) return VerificationKey.FromMultikey(multibase);
        if (method["publicKeyJwk"] is JsonObject jwk) return VerificationKey.FromJwk(jwk);
        throw new KeyException("The verification method has neither publicKeyMultibase nor publicKeyJwk.");
    }

    private static bool Same(JsonNode? entry, string did, string wanted)
    {
        string? id = entry is JsonObject embedded ? Text(embedded, "id") : entry is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        return id == wanted || (id is { Length: > 1 } && id[0] == '#' && did + id == wanted);
    }

    private static JsonArray Entries(JsonObject document, string name) => document[name] as JsonArray ?? [];

    private static string? Text(JsonObject document, string name) =>
        document[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
