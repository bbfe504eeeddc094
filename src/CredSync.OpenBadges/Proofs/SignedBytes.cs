using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;

namespace CredSync.OpenBadges.Proofs;

/// <summary>What is signed: the SHA-256 of the proof configuration, then that of the document. The document's is computed once for all proofs of a suite.</summary>
internal sealed class SignedBytes(JsonObject credential, CredentialRdf rdf)
{
    /// <summary>Two hashes.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    private byte[]? rdfHash;
    private byte[]? jcsHash;

    public JsonNode? Context => credential["@context"];

    /// <summary>Computes the signed bytes of a proof over the credential without its proofs.</summary>
    public void Hash(JsonObject proof, Cryptosuite suite, Span<byte> target)
    {
        HashOptions(proof, suite, target);
        DocumentHash(suite).CopyTo(target[SHA256.HashSizeInBytes..]);
    }

    /// <summary>Computes the signed bytes of a proof that also covers earlier proofs (section 2.1.2, proof chains).</summary>
    public void Hash(JsonObject proof, Cryptosuite suite, IEnumerable<JsonObject> earlier, Span<byte> target)
    {
        HashOptions(proof, suite, target);
        JsonObject document = (JsonObject)credential.DeepClone();
        document["proof"] = new JsonArray([.. earlier.Select(one => one.DeepClone())]);
        byte[] canonical = suite == Cryptosuite.EddsaRdfc2022 ? rdf.NQuads(document) : JsonCanonicalization.Canonicalize(document);
        SHA256.HashData(canonical, target[SHA256.HashSizeInBytes..]);
    }

    private void HashOptions(JsonObject proof, Cryptosuite suite, Span<byte> target)
    {
        byte[] canonical = suite == Cryptosuite.EddsaRdfc2022
            ? ProofConfiguration.NQuads(proof, Context, rdf)
            : JsonCanonicalization.Canonicalize(proof, without: "proofValue");
        SHA256.HashData(canonical, target);
    }

    private byte[] DocumentHash(Cryptosuite suite) => suite == Cryptosuite.EddsaRdfc2022
        ? rdfHash ??= SHA256.HashData(rdf.NQuads(credential, "proof"))
        : jcsHash ??= SHA256.HashData(JsonCanonicalization.Canonicalize(credential, without: "proof"));
}
