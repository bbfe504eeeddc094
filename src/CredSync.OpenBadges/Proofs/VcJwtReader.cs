using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Reads compact JWS text of unknown origin.</summary>
internal static class VcJwtReader
{
    private const int LongestToken = 4 * 1024 * 1024;

    private static readonly string[] NotOfTheCredential = ["iss", "jti", "sub", "nbf", "exp", "iat", "aud"];

    public static VcJwtToken Read(string token)
    {
        ReadOnlySpan<char> text = token.AsSpan().Trim();
        if (text.Length > LongestToken) throw new ProofException("The token is longer than 4 MB; it is not a credential.");
        int first = text.IndexOf('.');
        int last = text.LastIndexOf('.');
        if (first <= 0 || last == first || text[(first + 1)..last].Contains('.'))
            throw new ProofException("The text is not a compact JWS: it must have three parts with dots between them.");

        JsonObject header = Object(text[..first], "header");
        JsonObject claims = Object(text[(first + 1)..last], "payload");
        if (header.ContainsKey("crit") || header.ContainsKey("b64"))
            throw new ProofException("The token's header has extensions that Open Badges 3.0 does not allow (crit, b64).");
        if (CredentialFacts.Text(header, "typ") is { } type && type is not ("JWT" or "vc+jwt" or "vc+ld+jwt"))
            throw new ProofException("The token's typ is not that of a credential; it must be absent or JWT.");
        bool versionOne = claims["vc"] is JsonObject;
        return new VcJwtToken
        {
            Algorithm = CredentialFacts.Text(header, "alg") ?? throw new ProofException("The token's header has no alg."),
            KeyId = CredentialFacts.Text(header, "kid"),
            Jwk = header["jwk"] as JsonObject,
            Claims = claims,
            Credential = versionOne ? FromVersionOne(claims) : FromMembers(claims),
            IsVersionOne = versionOne,
            SigningInput = Encoding.ASCII.GetBytes(text[..last].ToArray()),
            // An unsecured token (alg none) has no signature; that is for the proof to say, not a fault of the text.
            Signature = last == text.Length - 1 ? [] : Bytes(text[(last + 1)..], "signature"),
        };
    }

    /// <summary>What the claims say against the credential; null when they repeat it.</summary>
    public static string? ClaimFailure(VcJwtToken token)
    {
        JsonObject claims = token.Claims;
        JsonObject credential = token.Credential;
        string from = token.IsVersionOne && !credential.ContainsKey("validFrom") ? "issuanceDate" : "validFrom";
        string until = token.IsVersionOne && !credential.ContainsKey("validUntil") ? "expirationDate" : "validUntil";
        return Differs(claims, "iss", CredentialFacts.Issuer(credential), required: true)
            ?? Differs(claims, "jti", CredentialFacts.Text(credential, "id"), required: true)
            ?? Differs(claims, "sub", CredentialFacts.Subject(credential), required: false)
            ?? TimeDiffers(claims, "nbf", credential, from)
            ?? (claims.ContainsKey("exp") || credential.ContainsKey(until) ? TimeDiffers(claims, "exp", credential, until) : null);
    }

    private static string? Differs(JsonObject claims, string name, string? member, bool required)
    {
        if (!claims.ContainsKey(name)) return required ? $"The token lacks the claim {name}." : null;
        return member is not null && CredentialFacts.Text(claims, name) == member ? null : $"The claim {name} differs from the credential.";
    }

    private static string? TimeDiffers(JsonObject claims, string name, JsonObject credential, string member)
    {
        if (claims[name] is not JsonValue value || !value.TryGetValue(out double seconds)) return $"The token lacks the claim {name}.";
        if (CredentialFacts.Time(credential, member) is not { } time) return $"The credential's {member} is not a time with a time zone.";
        return time.ToUnixTimeSeconds() == Math.Floor(seconds) ? null : $"The claim {name} differs from the credential.";
    }

    private static JsonObject FromMembers(JsonObject claims)
    {
        JsonObject credential = [];
        foreach ((string name, JsonNode? value) in claims)
        {
            if (Array.IndexOf(NotOfTheCredential, name) < 0) credential[name] = value?.DeepClone();
        }

        return credential;
    }

    private static JsonObject FromVersionOne(JsonObject claims)
    {
        JsonObject credential = (JsonObject)claims["vc"]!.DeepClone();
        if (!credential.ContainsKey("id")) credential["id"] = claims["jti"]?.DeepClone();
        if (!credential.ContainsKey("issuer")) credential["issuer"] = claims["iss"]?.DeepClone();
        return credential;
    }

    private static JsonObject Object(ReadOnlySpan<char> part, string name)
    {
        byte[] json = Bytes(part, name);
        try
        {
            return CredentialJson.Parse(json);
        }
        catch (ProofException cause)
        {
            throw new ProofException($"The token's {name} cannot be read. {cause.Message}", cause);
        }
    }

    private static byte[] Bytes(ReadOnlySpan<char> part, string name)
    {
        try
        {
            byte[] bytes = Base64Url.DecodeFromChars(part);
            // The decoder tolerates padding, white space and stray last bits; RFC 7515 has one spelling only, or a token could be changed unseen.
            if (bytes.Length > 0 && part.SequenceEqual(Base64Url.EncodeToString(bytes))) return bytes;
        }
        catch (FormatException)
        {
            // Reported below in words of our own.
        }

        throw new ProofException($"The token's {name} is not base64url text.");
    }
}
