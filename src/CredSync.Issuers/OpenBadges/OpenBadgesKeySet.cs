using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// The issuer's keys once more as a JSON Web Key Set (RFC 7517 section 5), each with the issuer's id as <c>iss</c>: verifiers of tokens that know no DIDs find there whose a key is
/// (Open Badges 3.0 section 8.2, as 1EdTech recommends).
/// </summary>
internal static class OpenBadgesKeySet
{
    /// <summary>Rewrites a DID document of ours.</summary>
    /// <param name="didDocument">As it was published.</param>
    public static byte[] Of(ReadOnlySpan<byte> didDocument)
    {
        JsonObject document = CredentialJson.Parse(didDocument);
        var keys = new JsonArray();
        foreach (JsonObject method in document["verificationMethod"]!.AsArray().OfType<JsonObject>())
        {
            VerificationKey key = method["publicKeyJwk"] is JsonObject jwk ? VerificationKey.FromJwk(jwk) : VerificationKey.FromMultikey(method["publicKeyMultibase"]!.GetValue<string>());
            JsonObject written = key.PublicJwk;
            written["kid"] = method["id"]!.GetValue<string>();
            written["use"] = "sig";
            written["iss"] = document["id"]!.GetValue<string>();
            keys.Add((JsonNode)written);
        }

        return CredentialJson.Write(new JsonObject { ["keys"] = keys });
    }
}
