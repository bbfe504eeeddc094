using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Tests.Model;

namespace CredSync.OpenBadges.Tests.Keys;

/// <summary>Keys that are kept elsewhere.</summary>
public sealed class RemoteSigningKeyTests
{
    private const string Did = "did:web:badges.example.org";

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.Rsa)]
    public void A_key_in_a_vault_signs_like_one_at_hand(KeyAlgorithm algorithm)
    {
        using SigningKey inside = SigningKey.Create(algorithm);
        using var key = new Vault(inside.PublicKey, inside.Sign);
        string method = DidDocument.VerificationMethod(Did, key.PublicKey);
        IVerificationKeyResolver resolver = KeyResolvers.FromDidDocuments(DidDocument.Build(Did, [key.PublicKey]));
        if (algorithm == KeyAlgorithm.Ed25519)
        {
            JsonObject signed = DataIntegrity.Sign(Samples.Simple(Did).ToJson(), key, new() { VerificationMethod = method, Created = Samples.Issued });
            DataIntegrity.Verify(signed, resolver).ShouldHaveSingleItem().Holds.ShouldBeTrue();
        }
        else
        {
            VcJwt.Verify(VcJwt.Sign(Samples.Simple(Did), key, method), resolver).Holds.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_signature_of_another_key_or_in_another_form_never_leaves_as_a_credential()
    {
        using SigningKey inside = SigningKey.Create(KeyAlgorithm.Ed25519);
        using SigningKey other = SigningKey.Create(KeyAlgorithm.Ed25519);
        using var mistaken = new Vault(inside.PublicKey, other.Sign);
        Should.Throw<KeyException>(() => DataIntegrity.Sign(Samples.Simple(Did).ToJson(), mistaken, new() { VerificationMethod = Did + "#key", Created = Samples.Issued }))
            .Message.ShouldContain("not a signature of that key");

        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SigningKey p256 = SigningKeyText.Parse(curve.ExportPkcs8PrivateKeyPem());
        using var der = new Vault(p256.PublicKey, data => curve.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Should.Throw<KeyException>(() => VcJwt.Sign(Samples.Simple(Did), der, Did + "#key")).Message.ShouldContain("DER");
    }

    private delegate byte[] Signing(ReadOnlySpan<byte> data);

    private sealed class Vault(VerificationKey publicKey, Signing sign) : RemoteSigningKey(publicKey)
    {
        protected override byte[] SignRemotely(ReadOnlySpan<byte> data) => sign(data);
    }
}
