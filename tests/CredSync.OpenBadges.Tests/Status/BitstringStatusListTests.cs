using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Status;
using CredSync.OpenBadges.Validation;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Status;

public sealed class BitstringStatusListTests
{
    [Fact]
    public void Whatever_is_encoded_is_decoded_to_the_same_bits() => Gen.Int[0, BitstringStatusList.MinimumLength - 1].Array[0, 200].Sample(static indexes =>
    {
        var list = new BitstringStatusList();
        foreach (int index in indexes)
        {
            list[index] = true;
        }

        BitstringStatusList read = BitstringStatusList.Decode(list.Encode());
        read.SetCount.ShouldBe(indexes.Distinct().Count());
        indexes.ShouldAllBe(i => read[i]);
        read.ToArray().ShouldBe(list.ToArray());
    });

    [Fact]
    public void Bit_zero_is_the_most_significant_bit_of_the_first_byte()
    {
        var list = new BitstringStatusList { [0] = true, [9] = true };
        list.ToArray()[..2].ShouldBe([0x80, 0x40]);
        list[0] = false;
        list.SetCount.ShouldBe(1);
    }

    [Fact]
    public void Lists_of_another_implementation_are_read()
    {
        foreach (JsonNode? sample in Samples())
        {
            BitstringStatusList list = BitstringStatusList.Decode(sample!["encodedList"]!.GetValue<string>());
            int[] set = [.. sample["setBits"]!.AsArray().Select(static i => i!.GetValue<int>())];
            list.Length.ShouldBe(sample["bytes"]!.GetValue<int>() * 8);
            Convert.ToHexStringLower(SHA256.HashData(list.ToArray())).ShouldBe(sample["sha256OfBytes"]!.GetValue<string>());
            list.SetCount.ShouldBe(set.Length);
            set.ShouldAllBe(i => list[i]);
        }
    }

    [Theory]
    [InlineData("", "begin")]
    [InlineData("H4sIAAAA", "begin")]
    [InlineData("u***", "base64url")]
    [InlineData("uAAAA", "GZIP")]
    public void What_is_not_an_encoded_list_is_refused_with_the_reason(string text, string reason) =>
        Should.Throw<StatusListException>(() => BitstringStatusList.Decode(text)).Message.ShouldContain(reason);

    [Fact]
    public void A_list_that_is_too_short_to_hide_in_is_refused() =>
        Should.Throw<StatusListException>(static () => BitstringStatusList.Decode(Gzip(BitstringStatusList.MinimumLength / 8 - 1))).Message.ShouldContain("shorter");

    [Fact]
    public void A_list_that_decompresses_without_end_is_refused_at_the_limit() =>
        Should.Throw<StatusListException>(static () => BitstringStatusList.Decode(Gzip(64 * 1024 * 1024))).Message.ShouldContain("longer");

    [Fact]
    public void An_index_outside_the_list_is_an_error()
    {
        var list = new BitstringStatusList();
        Should.Throw<ArgumentOutOfRangeException>(() => list[-1]);
        Should.Throw<ArgumentOutOfRangeException>(() => list[list.Length]);
    }

    [Fact]
    public void The_list_credential_is_valid()
    {
        var credential = new StatusListCredential
        {
            Id = "https://badges.example.org/status/7",
            Issuer = "did:web:badges.example.org",
            ValidFrom = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero),
            TimeToLive = TimeSpan.FromMinutes(5),
            List = new(),
        };
        JsonObject json = credential.ToJson();
        CredentialValidator.Validate(JsonSerializer.SerializeToElement(json), CredentialForm.Strict).ShouldBeEmpty();
        json["credentialSubject"]!["ttl"]!.ToJsonString().ShouldBe("300000");
        json["credentialSubject"]!["id"]!.GetValue<string>().ShouldBe("https://badges.example.org/status/7#list");
    }

    [Fact]
    public void A_revocation_list_names_the_revoked()
    {
        JsonObject json = new RevocationList
        {
            Id = "https://badges.example.org/revocations/1",
            Issuer = "did:web:badges.example.org",
            Revoked = [new("https://badges.example.org/credentials/1", "Issued in error")],
        }.ToJson();
        json.ToJsonString().ShouldBe(
            """{"id":"https://badges.example.org/revocations/1","issuer":"did:web:badges.example.org","revokedCredential":[{"id":"https://badges.example.org/credentials/1","revoked":true,"revocationReason":"Issued in error"}]}""");
    }

    private static JsonArray Samples() => JsonNode.Parse(Vectors.Bytes("generated/bitstring.json"))!.AsArray();

    private static string Gzip(int length)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[length]);
        }

        return "u" + Base64Url.EncodeToString(buffer.ToArray());
    }
}
