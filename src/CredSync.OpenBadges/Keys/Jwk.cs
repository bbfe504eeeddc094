using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Keys;

/// <summary>JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037) of the three algorithms.</summary>
internal static class Jwk
{
    public static JsonObject Write(VerificationKey key) => key.Algorithm switch
    {
        KeyAlgorithm.Ed25519 => new JsonObject
        {
            ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = Text(key.ExportEdwards()), ["alg"] = "EdDSA",
        },
        KeyAlgorithm.P256 => new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Text(key.Curve!.Value.Q.X), ["y"] = Text(key.Curve!.Value.Q.Y), ["alg"] = "ES256",
        },
        _ => new JsonObject
        {
            ["kty"] = "RSA", ["n"] = Text(key.RsaParameters!.Value.Modulus), ["e"] = Text(key.RsaParameters!.Value.Exponent), ["alg"] = "RS256",
        },
    };

    /// <summary>The required members only, in the order of their names (RFC 7638 section 3.2).</summary>
    public static string WriteForThumbprint(VerificationKey key) => key.Algorithm switch
    {
        KeyAlgorithm.Ed25519 => $$"""{"crv":"Ed25519","kty":"OKP","x":"{{Text(key.ExportEdwards())}}"}""",
        KeyAlgorithm.P256 => $$"""{"crv":"P-256","kty":"EC","x":"{{Text(key.Curve!.Value.Q.X)}}","y":"{{Text(key.Curve!.Value.Q.Y)}}"}""",
        _ => $$"""{"e":"{{Text(key.RsaParameters!.Value.Exponent)}}","kty":"RSA","n":"{{Text(key.RsaParameters!.Value.Modulus)}}"}""",
    };

    public static VerificationKey ReadPublic(JsonObject jwk)
    {
        ArgumentNullException.ThrowIfNull(jwk);
        if (jwk.ContainsKey("d"))
            throw new KeyException("The JSON Web Key holds a private member; publish only the public half and replace this key.");
        return Kind(jwk) switch
        {
            KeyAlgorithm.Ed25519 => Multikey.Edwards(Bytes(jwk, "x")),
            KeyAlgorithm.P256 => new VerificationKey(P256Point.Import(Point(jwk))),
            _ => ReadRsa(new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") }),
        };
    }

    public static SigningKey ReadPrivate(JsonObject jwk)
    {
        try
        {
            switch (Kind(jwk))
            {
                case KeyAlgorithm.Ed25519:
                    return Ed25519SigningKey.FromSeed(Bytes(jwk, "d"));
                case KeyAlgorithm.P256:
                    return new P256SigningKey(ECDsa.Create(new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256, Q = Point(jwk), D = Bytes(jwk, "d"),
                    }));
                default:
                    return new RsaSigningKey(RSA.Create(new RSAParameters
                    {
                        Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e"), D = Bytes(jwk, "d"), P = Bytes(jwk, "p"), Q = Bytes(jwk, "q"),
                        DP = Bytes(jwk, "dp"), DQ = Bytes(jwk, "dq"), InverseQ = Bytes(jwk, "qi"),
                    }));
            }
        }
        catch (CryptographicException cause)
        {
            throw new KeyException("The private JSON Web Key is inconsistent; export it again from where it was made.", cause);
        }
    }

    private static KeyAlgorithm Kind(JsonObject jwk) => (Member(jwk, "kty"), Member(jwk, "crv")) switch
    {
        ("OKP", "Ed25519") => KeyAlgorithm.Ed25519,
        ("EC", "P-256") => KeyAlgorithm.P256,
        ("RSA", _) => KeyAlgorithm.Rsa,
        _ => throw new KeyException("The JSON Web Key is of a kind that is not supported; use OKP with Ed25519, EC with P-256, or RSA."),
    };

    private static VerificationKey ReadRsa(RSAParameters parameters)
    {
        try
        {
            using RSA rsa = RSA.Create(parameters);
            return RsaSigningKey.CheckedPublic(rsa);
        }
        catch (CryptographicException)
        {
            throw new KeyException("The JSON Web Key is not an RSA key; n and e do not fit.");
        }
    }

    private static ECPoint Point(JsonObject jwk)
    {
        ECPoint point = new() { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") };
        if (point.X.Length != 32 || point.Y.Length != 32)
            throw new KeyException("The JSON Web Key is not a P-256 key; x and y must have 32 bytes each.");
        return point;
    }

    private static string? Member(JsonObject jwk, string name) =>
        jwk[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static byte[] Bytes(JsonObject jwk, string name)
    {
        if (Member(jwk, name) is { Length: > 0 and <= 2048 } text && Base64Url.IsValid(text)) return Base64Url.DecodeFromChars(text);
        throw new KeyException($"The JSON Web Key lacks the member {name}, or it is not base64url text of a bounded length.");
    }

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
