using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Writes header and payload by hand: token libraries add claims of their own.</summary>
internal static class VcJwtWriter
{
    private static readonly string[] Claims = ["iss", "jti", "sub", "nbf", "exp"];

    // Less escaping than the default, which is meant for HTML: smaller tokens, the same JSON.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128, SkipValidation = true };

    public static string Write(JsonObject credential, SigningKey key, string algorithm, string keyId)
    {
        ArrayBufferWriter<byte> header = new(256);
        using (Utf8JsonWriter json = new(header, Options))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            json.WriteString("kid", keyId);
            json.WriteString("typ", "JWT");
            json.WriteEndObject();
        }

        ArrayBufferWriter<byte> payload = new(8192);
        using (Utf8JsonWriter json = new(payload, Options))
            WritePayload(json, credential);

        int headerLength = Base64Url.GetEncodedLength(header.WrittenCount);
        byte[] input = new byte[headerLength + 1 + Base64Url.GetEncodedLength(payload.WrittenCount)];
        Base64Url.EncodeToUtf8(header.WrittenSpan, input);
        input[headerLength] = (byte)'.';
        Base64Url.EncodeToUtf8(payload.WrittenSpan, input.AsSpan(headerLength + 1));
        byte[] signature = key.Sign(input);
        return string.Concat(Encoding.ASCII.GetString(input), ".", Base64Url.EncodeToString(signature));
    }

    private static void WritePayload(Utf8JsonWriter json, JsonObject credential)
    {
        string issuer = CredentialFacts.Issuer(credential) ?? throw Lacks("issuer.id");
        string id = CredentialFacts.Text(credential, "id") ?? throw Lacks("id");
        string subject = CredentialFacts.Subject(credential) ?? throw Lacks("credentialSubject.id");
        long from = Seconds(credential, "validFrom") ?? throw Lacks("validFrom");
        long? until = credential.ContainsKey("validUntil") ? Seconds(credential, "validUntil") ?? throw Lacks("validUntil") : null;

        json.WriteStartObject();
        foreach ((string name, JsonNode? value) in credential)
        {
            if (Array.IndexOf(Claims, name) >= 0)
                throw new ProofException($"The credential has a member {name}, which is a claim of the token; remove it.");
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }

        json.WriteString("iss", issuer);
        json.WriteString("jti", id);
        json.WriteString("sub", subject);
        json.WriteNumber("nbf", from);
        if (until is not null) json.WriteNumber("exp", until.Value);
        json.WriteEndObject();
    }

    private static long? Seconds(JsonObject credential, string name)
    {
        if (CredentialFacts.Time(credential, name) is not { } time) return null;
        if (time.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ProofException($"The credential's {name} has a fraction of a second, which the claims of a VC-JWT cannot repeat; give whole seconds.");
        return time.ToUnixTimeSeconds();
    }

    private static ProofException Lacks(string member) =>
        new($"The credential cannot be secured as VC-JWT: it has no valid {member}, which Open Badges 3.0 requires there.");
}
