using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Tests.Model;
using CredSync.OpenBadges.Transparency;

namespace CredSync.OpenBadges.Tests.Transparency;

public sealed class LogReceiptTests
{
    private const string Issuer = "did:web:badges.example.org";

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.P256)]
    public void An_employer_can_check_a_receipt_with_the_issuer_s_published_key_alone(KeyAlgorithm algorithm)
    {
        using SigningKey key = SigningKey.Create(algorithm);
        JsonObject credential = Samples.Simple(Issuer).ToJson();
        IVerificationKeyResolver published = KeyResolvers.FromDidDocuments(DidDocument.Build(Issuer, [key.PublicKey]));
        LogReceipt receipt = LogReceipt.Read(Receipt(credential, key).ToJson())!;
        LogHead head = receipt.Verify(LogEntry.Of(credential), Issuer, published);
        head.Size.ShouldBe(11);
        head.Time.ShouldBe(Samples.Issued);
        credential["name"] = "Rocket Science";
        Should.Throw<ProofException>(() => receipt.Verify(LogEntry.Of(credential), Issuer, published)).Message.ShouldContain("does not show");
    }

    [Fact]
    public void A_head_that_another_signed_is_refused()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        using SigningKey other = SigningKey.Create(KeyAlgorithm.Ed25519);
        JsonObject credential = Samples.Simple(Issuer).ToJson();
        IVerificationKeyResolver published = KeyResolvers.FromDidDocuments(DidDocument.Build(Issuer, [other.PublicKey]));
        LogReceipt receipt = Receipt(credential, key);
        Should.Throw<ProofException>(() => receipt.Verify(LogEntry.Of(credential), Issuer, published));
        Should.Throw<ProofException>(() => receipt.Verify(LogEntry.Of(credential), "did:web:other.example", published));
        string[] parts = Receipt(credential, other).SignedHead.Split('.');
        string changed = $"{parts[0]}.{receipt.SignedHead.Split('.')[1][..^2]}AA.{parts[2]}";
        Should.Throw<ProofException>(() => LogHead.Verify(changed, Issuer, published));
    }

    [Fact]
    public void Proofs_do_not_change_the_entry()
    {
        JsonObject credential = Samples.Simple(Issuer).ToJson();
        byte[] entry = LogEntry.Of(credential);
        credential["proof"] = new JsonArray(new JsonObject());
        LogEntry.Of(credential).ShouldBe(entry);
    }

    [Theory]
    [InlineData("""{"index":"x","path":[],"head":"a.b.c"}""")]
    [InlineData("""{"index":1,"path":["zz"],"head":"a.b.c"}""")]
    [InlineData("""{"index":1,"path":[]}""")]
    public void What_is_no_receipt_is_null(string json) => LogReceipt.Read(JsonNode.Parse(json)!.AsObject()).ShouldBeNull();

    private static LogReceipt Receipt(JsonObject credential, SigningKey key)
    {
        var tree = new MerkleTree();
        for (int i = 0; i < 10; i++)
        {
            tree.Append(BitConverter.GetBytes(i));
        }

        int index = tree.Append(LogEntry.Of(credential));
        var head = new LogHead { Log = "https://badges.example.org/log", Size = tree.Size, Root = tree.Root(tree.Size), Time = Samples.Issued };
        return new() { Index = index, Path = tree.InclusionPath(index, tree.Size), SignedHead = head.Sign(key, DidDocument.VerificationMethod(Issuer, key.PublicKey)) };
    }
}
