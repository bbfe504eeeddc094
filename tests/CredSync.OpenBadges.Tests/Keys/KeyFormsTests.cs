using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Tests.Keys;

public sealed class KeyFormsTests
{
    private const string Seed = "83a145850427a654f42b33e451c3e02b04dd2b5e823a61f0db3fc7db8f2d6548";
    private const string Multikey = "z6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTnn";
    private const string SecretMultikey = "zrv3GY4xz4CsHGDivB8nBzft3cZmtNp9azHEgZWGmmpU1qBJ9mKbwDhEgBBEcQmB96sHvyaMhHrryTAcSSUU1noNQBp";

    public static TheoryData<KeyAlgorithm> Algorithms => [KeyAlgorithm.Ed25519, KeyAlgorithm.P256, KeyAlgorithm.Rsa];

    [Fact]
    public void The_test_key_has_its_published_names()
    {
        using Ed25519SigningKey key = Ed25519SigningKey.FromSeed(Convert.FromHexString(Seed));
        key.PublicMultibase.ShouldBe(Multikey);
        DidKey.VerificationMethod(key.PublicKey).ShouldBe($"did:key:{Multikey}#{Multikey}");
        using SigningKey again = SigningKeyText.Parse(SecretMultikey);
        again.PublicKey.ShouldBe(key.PublicKey);
    }

    [Fact]
    public void Bytes_of_every_length_come_back_from_their_base58()
    {
        var dice = new Random(58);
        for (int length = 1; length <= 140; length++)
        {
            byte[] bytes = new byte[length];
            dice.NextBytes(bytes);
            bytes.AsSpan(0, Math.Min(length, length % 4)).Clear();
            Multibase.TryDecode(Multibase.Encode(bytes), out byte[] back).ShouldBeTrue();
            back.ShouldBe(bytes);
        }

        Multibase.Encode([]).ShouldBe("z");
        Multibase.Encode([0, 0, 0]).ShouldBe("z111");
        Multibase.Encode("Hello World!"u8).ShouldBe("z2NEpo7TZRRrLZSi2U");
    }

    [Fact]
    public void The_key_of_RFC_8037_has_its_published_thumbprint_and_signature()
    {
        using SigningKey key = SigningKeyText.Parse("""
            {"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
            """);
        key.PublicKey.Thumbprint.ShouldBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        key.Sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"u8).ShouldBe(
            Convert.FromHexString("860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e9d59b8628dc351e248b88b29468e0e41855b0fb7d83bb15be902bfccb8cd0a02"));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_public_key_survives_every_form(KeyAlgorithm algorithm)
    {
        using SigningKey key = SigningKey.Create(algorithm);
        VerificationKey.FromMultikey(key.PublicMultibase).ShouldBe(key.PublicKey);
        VerificationKey.FromJwk(key.PublicJwk).ShouldBe(key.PublicKey);
        VerificationKey.FromDidKey(DidKey.VerificationMethod(key.PublicKey)).ShouldBe(key.PublicKey);
        VerificationKey.FromJwk(key.PublicJwk).Verify("x"u8, key.Sign("x"u8)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_private_key_in_an_environment_file_may_write_its_line_ends_as_backslash_n(KeyAlgorithm algorithm)
    {
        using SigningKey key = SigningKey.Create(algorithm);
        using SigningKey read = SigningKeyText.Parse(key.ExportPem().ReplaceLineEndings("\\n"));
        read.PublicKey.ShouldBe(key.PublicKey);
    }

    [Fact]
    public void Old_PEM_headings_and_private_JWKs_of_other_tools_are_read()
    {
        using RSA rsa = RSA.Create(2048);
        using SigningKey fromPkcs1 = SigningKeyText.Parse(rsa.ExportRSAPrivateKeyPem());
        RSAParameters p = rsa.ExportParameters(true);
        string Text(byte[]? bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
        using SigningKey fromJwk = SigningKeyText.Parse(new JsonObject
        {
            ["kty"] = "RSA", ["n"] = Text(p.Modulus), ["e"] = Text(p.Exponent), ["d"] = Text(p.D), ["p"] = Text(p.P), ["q"] = Text(p.Q),
            ["dp"] = Text(p.DP), ["dq"] = Text(p.DQ), ["qi"] = Text(p.InverseQ),
        }.ToJsonString());
        fromJwk.PublicKey.ShouldBe(fromPkcs1.PublicKey);

        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigningKeyText.Parse(curve.ExportECPrivateKeyPem()).Algorithm.ShouldBe(KeyAlgorithm.P256);
    }

    [Fact]
    public void Weak_and_foreign_keys_are_refused_in_words()
    {
        using RSA small = RSA.Create(1024);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa locked = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string encrypted = locked.ExportEncryptedPkcs8PrivateKeyPem("pass", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Should.Throw<KeyException>(() => SigningKeyText.Parse(small.ExportPkcs8PrivateKeyPem())).Message.ShouldContain("1024 bits");
        Should.Throw<KeyException>(() => SigningKeyText.Parse(other.ExportPkcs8PrivateKeyPem())).Message.ShouldContain("P-256");
        Should.Throw<KeyException>(() => SigningKeyText.Parse(encrypted)).Message.ShouldContain("pass phrase");
        Should.Throw<KeyException>(() => RsaSigningKey.Create(1024));
        Should.Throw<KeyException>(() => Ed25519SigningKey.FromSeed(new byte[31]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"\"}")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"AA\"}")]
    [InlineData("z6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTnn")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----")]
    public void Text_that_is_no_private_key_is_refused_in_words(string text) => Should.Throw<KeyException>(() => SigningKeyText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    [InlineData("z6Mk")]
    [InlineData("z0OIl")]
    [InlineData("u6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTnn")]
    [InlineData("z6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTnnn")]
    [InlineData("z6MkvyoGdMBXFzC8YM3TZ9F3hCDSfX5AQ9fAW1JW6KVnMTné")]
    public void Text_that_is_no_multikey_is_refused_in_words(string text) => Should.Throw<KeyException>(() => VerificationKey.FromMultikey(text));

    [Fact]
    public void A_multikey_of_a_million_characters_is_refused_without_decoding_it() =>
        Should.Throw<KeyException>(() => VerificationKey.FromMultikey("z" + new string('2', 1_000_000)));

    [Fact]
    public void A_published_JWK_with_its_private_member_is_refused()
    {
        using SigningKey key = SigningKey.Create(KeyAlgorithm.P256);
        JsonObject jwk = key.PublicJwk;
        jwk["d"] = "AAAA";
        Should.Throw<KeyException>(() => VerificationKey.FromJwk(jwk)).Message.ShouldContain("private");
    }

    [Fact]
    public void A_point_beside_the_curve_is_refused()
    {
        byte[] point = new byte[35];
        (point[0], point[1], point[2], point[34]) = (0x80, 0x24, 0x02, 0x01);
        Should.Throw<KeyException>(() => VerificationKey.FromMultikey(Multibase.Encode(point)));
    }

    [Fact]
    public async Task One_key_signs_from_many_threads()
    {
        foreach (KeyAlgorithm algorithm in Algorithms.Select(row => row.Data))
        {
            using SigningKey key = SigningKey.Create(algorithm);
            await Parallel.ForAsync(0, 40, TestContext.Current.CancellationToken, (number, _) =>
            {
                byte[] data = BitConverter.GetBytes(number);
                key.PublicKey.Verify(data, key.Sign(data)).ShouldBeTrue();
                return ValueTask.CompletedTask;
            });
        }
    }

    [Fact]
    public void A_disposed_key_does_not_sign()
    {
        foreach (KeyAlgorithm algorithm in Algorithms.Select(row => row.Data))
        {
            SigningKey key = SigningKey.Create(algorithm);
            key.Dispose();
            Should.Throw<ObjectDisposedException>(() => key.Sign("x"u8));
        }
    }
}
