using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Embedded proofs (Verifiable Credential Data Integrity 1.0 with the EdDSA cryptosuites 1.0).</summary>
public static class DataIntegrity
{
    /// <summary>Signs a credential and gives back a copy with the proofs.</summary>
    /// <param name="credential">The credential; it is not changed. Proofs that it has stay, and the new ones follow them.</param>
    /// <param name="key">An Ed25519 key.</param>
    /// <param name="options">What the proofs say.</param>
    /// <returns>The credential with its <c>proof</c> array.</returns>
    /// <exception cref="ProofException">
    /// The credential cannot be signed: a term or context is unknown, it is not valid JSON-LD, it cannot be canonicalized within bounds, or the key is not Ed25519.
    /// </exception>
    public static JsonObject Sign(JsonObject credential, SigningKey key, DataIntegrityOptions options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        JsonObject signed = (JsonObject)credential.DeepClone();
        AddProofs(signed, key, options);
        return signed;
    }

    /// <summary>Signs a credential in place: as <see cref="Sign"/> without the copy, for a credential that was made to be signed.</summary>
    /// <param name="credential">The credential; unchanged when this throws.</param>
    /// <param name="key">An Ed25519 key.</param>
    /// <param name="options">What the proofs say.</param>
    /// <exception cref="ProofException">As for <see cref="Sign"/>.</exception>
    public static void AddProofs(JsonObject credential, SigningKey key, DataIntegrityOptions options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.VerificationMethod);
        if (options.Cryptosuites.Count == 0 || options.Cryptosuites.Distinct().Count() != options.Cryptosuites.Count)
            throw new ProofException("A credential is signed with at least one cryptosuite, and with each only once; correct the list of cryptosuites.");
        if (key.Algorithm != KeyAlgorithm.Ed25519)
            throw new ProofException("Embedded proofs are signed with an Ed25519 key; RSA and P-256 keys sign VC-JWT.");
        try
        {
            if (credential["@context"] is null) throw new ProofException("The credential has no @context and cannot be signed.");
            SignedBytes bytes = new(credential, CredentialRdf.ForIssuing);
            List<JsonNode> proofs = [];
            foreach (Cryptosuite suite in options.Cryptosuites) proofs.Add(CreateProof(bytes, suite, key, options));
            Attach(credential, proofs);
        }
        catch (Exception cause) when (cause is JsonLdException or CanonicalizationException)
        {
            throw new ProofException($"The credential cannot be signed: {cause.Message}", cause);
        }
        catch (Exception cause) when (cause is InvalidOperationException or ArgumentException)
        {
            throw new ProofException("The credential cannot be signed: it has an object with the same member twice, or a text that is not Unicode.", cause);
        }
    }

    /// <summary>Checks every embedded proof of a credential. One that holds is enough.</summary>
    /// <param name="credential">The credential, as it was received; read text of unknown origin with <see cref="CredentialJson.Parse"/>.</param>
    /// <param name="resolver">Finds the keys that the proofs name.</param>
    /// <returns>One result a proof, in their order; empty when there are none.</returns>
    public static IReadOnlyList<ProofCheck> Verify(JsonObject credential, IVerificationKeyResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(resolver);
        return new ProofVerifier(credential, resolver).Verify();
    }

    /// <summary>The verification methods that a credential's proofs name, so that their documents can be fetched before <see cref="Verify"/>.</summary>
    /// <param name="credential">The credential.</param>
    /// <returns>Each name once; empty when there are no proofs.</returns>
    public static IReadOnlyList<string> VerificationMethods(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return [.. ProofVerifier.Proofs(credential).OfType<JsonObject>().Select(proof => CredentialFacts.Text(proof, "verificationMethod")).OfType<string>().Distinct()];
    }

    private static JsonObject CreateProof(SignedBytes bytes, Cryptosuite suite, SigningKey key, DataIntegrityOptions options)
    {
        JsonObject proof = ProofConfiguration.Create(suite, options);
        if (suite == Cryptosuite.EddsaJcs2022) proof["@context"] = bytes.Context?.DeepClone();
        Span<byte> toSign = stackalloc byte[SignedBytes.Length];
        bytes.Hash(proof, suite, toSign);
        proof["proofValue"] = Multibase.Encode(key.Sign(toSign));
        return proof;
    }

    private static void Attach(JsonObject credential, List<JsonNode> proofs)
    {
        if (credential["proof"] is JsonArray present)
        {
            foreach (JsonNode proof in proofs) present.Add(proof);
            return;
        }

        JsonNode? single = credential["proof"];
        credential.Remove("proof");
        JsonArray all = single is null ? [] : [single];
        foreach (JsonNode proof in proofs) all.Add(proof);
        credential["proof"] = all;
    }
}
