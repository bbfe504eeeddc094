using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;

namespace CredSync.OpenBadges.Proofs;

/// <summary>The canonical form of a proof's options, which is signed together with the document (EdDSA cryptosuites section 3.2.5).</summary>
internal static class ProofConfiguration
{
    private const string VersionTwo = "https://www.w3.org/ns/credentials/v2";

    /// <summary>Makes the options of a new proof.</summary>
    public static JsonObject Create(Cryptosuite suite, DataIntegrityOptions options) => new()
    {
        ["type"] = "DataIntegrityProof",
        ["created"] = options.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["verificationMethod"] = options.VerificationMethod,
        ["cryptosuite"] = CryptosuiteName.Of(suite),
        ["proofPurpose"] = "assertionMethod",
    };

    /// <summary>The canonical N-Quads of the options under the document's context.</summary>
    public static byte[] NQuads(JsonObject options, JsonNode? context, CredentialRdf rdf) =>
        IsPlain(options, context) ? Plain(options) : rdf.NQuads(WithContext(options, context));

    /// <summary>A copy of the options with the context, without the signature.</summary>
    public static JsonObject WithContext(JsonObject options, JsonNode? context)
    {
        JsonObject copy = new() { ["@context"] = context?.DeepClone() };
        foreach ((string name, JsonNode? value) in options)
        {
            if (name is not ("@context" or "proofValue")) copy[name] = value?.DeepClone();
        }

        return copy;
    }

    /// <summary>
    /// Whether the options are the five usual ones under the VCDM 2.0 context. Its terms are protected, so no later context changes what they mean,
    /// and the five lines can be written directly.
    /// </summary>
    private static bool IsPlain(JsonObject options, JsonNode? context)
    {
        return IsKnownVersionTwo(context)
            && options.Count == (options.ContainsKey("proofValue") ? 6 : 5)
            && CredentialFacts.Text(options, "type") == "DataIntegrityProof"
            && CredentialFacts.Text(options, "proofPurpose") == "assertionMethod"
            && CredentialFacts.Text(options, "created") is { } created && !NeedsEscape(created)
            && CredentialFacts.Text(options, "cryptosuite") is { } suite && !NeedsEscape(suite)
            && CredentialFacts.Text(options, "verificationMethod") is { } method && Iri.IsWellFormed(method) && IsAbsolute(method);
    }

    /// <summary>Whether the contexts are the VCDM 2.0 one and other known ones; one written out in the document could define "did" as a prefix.</summary>
    private static bool IsKnownVersionTwo(JsonNode? context) => context is JsonArray { Count: > 0 } several
        ? several.All(entry => IriExpansion.IsText(entry, out _)) && IriExpansion.IsText(several[0], out string first) && first == VersionTwo
        : IriExpansion.IsText(context, out string single) && single == VersionTwo;

    /// <summary>Whether no context can take the name for a compact IRI: its scheme would have to be a term, and these are terms of no known context.</summary>
    private static bool IsAbsolute(string method) =>
        method.StartsWith("did:", StringComparison.Ordinal) || method.StartsWith("https://", StringComparison.Ordinal) || method.StartsWith("http://", StringComparison.Ordinal);

    private static bool NeedsEscape(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || text.AsSpan().ContainsAny('"', '\\');

    private static byte[] Plain(JsonObject options) => Encoding.UTF8.GetBytes(string.Concat(
        string.Concat(
            "_:c14n0 <http://purl.org/dc/terms/created> \"", CredentialFacts.Text(options, "created"), "\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n",
            "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .\n"),
        string.Concat(
            "_:c14n0 <https://w3id.org/security#cryptosuite> \"", CredentialFacts.Text(options, "cryptosuite"), "\"^^<https://w3id.org/security#cryptosuiteString> .\n",
            "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .\n"),
        string.Concat("_:c14n0 <https://w3id.org/security#verificationMethod> <", CredentialFacts.Text(options, "verificationMethod"), "> .\n")));
}
