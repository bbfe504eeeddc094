using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Checks the embedded proofs of one credential of unknown origin.</summary>
internal sealed class ProofVerifier(JsonObject credential, IVerificationKeyResolver resolver)
{
    /// <summary>More proofs than anyone makes; each costs a canonicalization at worst.</summary>
    private const int MostProofs = 16;

    private readonly SignedBytes bytes = new(credential, CredentialRdf.ForVerifying);

    public static IList<JsonNode?> Proofs(JsonObject credential) => credential["proof"] switch
    {
        null => new List<JsonNode?>(),
        JsonArray several => several,
        JsonNode single => new List<JsonNode?> { single },
    };

    public IReadOnlyList<ProofCheck> Verify()
    {
        try
        {
            return VerifyAll();
        }
        catch (Exception cause) when (cause is InvalidOperationException or ArgumentException)
        {
            // Nodes are read lazily: an object with a member twice and a text that is not Unicode show only now.
            return [Failed([], "The credential has an object with the same member twice, or a text that is not Unicode.")];
        }
    }

    private IReadOnlyList<ProofCheck> VerifyAll()
    {
        IList<JsonNode?> proofs = Proofs(credential);
        foreach (string time in (ReadOnlySpan<string>)["validFrom", "validUntil"])
        {
            // As an array of one it would mean the same to RDF, and be no time at all to who reads the JSON.
            if (credential.ContainsKey(time) && CredentialFacts.Text(credential, time) is null) return [Failed([], $"The credential's {time} is not a text.")];
        }

        if (proofs.Count > MostProofs) return [Failed([], $"The credential has more than {MostProofs} proofs.")];
        return [.. proofs.Select(node => node is JsonObject proof ? Verify(proof) : Failed([], "The proof is not an object."))];
    }

    private ProofCheck Verify(JsonObject proof)
    {
        if (Shape(proof) is { } misshapen) return Failed(proof, misshapen);
        ResolvedKey? resolved;
        bool valid;
        try
        {
            resolved = resolver.Resolve(CredentialFacts.Text(proof, "verificationMethod")!);
            if (resolved is null) return Failed(proof, "The key that the proof names cannot be found.");
            if (resolved.Key.Algorithm != KeyAlgorithm.Ed25519) return Failed(proof, "The key that the proof names is not an Ed25519 key.");
            valid = SignatureHolds(proof, resolved.Key);
        }
        catch (Exception cause) when (cause is KeyException or JsonLdException or CanonicalizationException or ProofException)
        {
            return Failed(proof, cause.Message);
        }

        bool owned = CredentialFacts.Issuer(credential) is { } issuer && issuer == resolved.Controller;
        return Failed(proof, null) with
        {
            Controller = resolved.Controller,
            SignatureIsValid = valid,
            KeyBelongsToIssuer = owned,
            Failure = !valid ? "The signature is not valid: the credential was changed, or signed with another key."
                : owned ? null : "The key does not belong to the credential's issuer.",
        };
    }

    private bool SignatureHolds(JsonObject proof, VerificationKey key)
    {
        Cryptosuite suite = CryptosuiteName.Read(CredentialFacts.Text(proof, "cryptosuite"))!.Value;
        Multibase.TryDecode(CredentialFacts.Text(proof, "proofValue"), out byte[] signature);
        Span<byte> signed = stackalloc byte[SignedBytes.Length];
        if (proof.ContainsKey("previousProof")) bytes.Hash(proof, suite, Earlier(proof), signed);
        else bytes.Hash(proof, suite, signed);
        return key.Verify(signed, signature);
    }

    /// <summary>What of the proof cannot be checked at all; null when it can.</summary>
    private string? Shape(JsonObject proof)
    {
        if (CredentialFacts.Text(proof, "type") != "DataIntegrityProof") return "The proof's type is not DataIntegrityProof.";
        Cryptosuite? suite = CryptosuiteName.Read(CredentialFacts.Text(proof, "cryptosuite"));
        if (suite is null) return "The proof's cryptosuite is neither eddsa-rdfc-2022 nor eddsa-jcs-2022.";
        if (CredentialFacts.Text(proof, "proofPurpose") != "assertionMethod") return "The proof's purpose is not assertionMethod.";
        if (string.IsNullOrEmpty(CredentialFacts.Text(proof, "verificationMethod"))) return "The proof names no verification method.";
        if (!Multibase.TryDecode(CredentialFacts.Text(proof, "proofValue"), out byte[] signature) || signature.Length != 64) return "The proofValue is not 64 bytes in base58 after a z.";
        foreach (string time in (ReadOnlySpan<string>)["created", "expires"])
        {
            if (proof.ContainsKey(time) && CredentialFacts.Time(proof, time) is null) return $"The proof's {time} is not a time with a time zone.";
        }

        return suite == Cryptosuite.EddsaJcs2022 && proof.ContainsKey("@context") && !ContextsBegin(proof["@context"])
            ? "The credential's contexts do not begin with those of the proof."
            : null;
    }

    /// <summary>The proofs that a chained proof covers besides the document.</summary>
    private IEnumerable<JsonObject> Earlier(JsonObject proof)
    {
        foreach (JsonNode? id in OneOrMany.Of(proof["previousProof"]))
        {
            JsonObject? found = IriExpansion.IsText(id, out string wanted)
                ? Proofs(credential).OfType<JsonObject>().FirstOrDefault(other => CredentialFacts.Text(other, "id") == wanted)
                : null;
            yield return found ?? throw new ProofException("The proof follows another proof that the credential does not have.");
        }
    }

    private bool ContextsBegin(JsonNode? ofProof)
    {
        JsonNode?[] wanted = [.. OneOrMany.Of(ofProof)];
        JsonNode?[] present = [.. OneOrMany.Of(credential["@context"])];
        return wanted.Length <= present.Length && wanted.Zip(present).All(pair => JsonNode.DeepEquals(pair.First, pair.Second));
    }

    private static ProofCheck Failed(JsonObject proof, string? failure) => new()
    {
        Suite = CredentialFacts.Text(proof, "cryptosuite") ?? CredentialFacts.Text(proof, "type"),
        VerificationMethod = CredentialFacts.Text(proof, "verificationMethod"),
        Controller = null,
        Created = CredentialFacts.Time(proof, "created"),
        Expires = CredentialFacts.Time(proof, "expires"),
        SignatureIsValid = false,
        KeyBelongsToIssuer = false,
        Failure = failure,
    };
}
