using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Writes header and payload by hand: token libraries add claims of their own.</summary>
internal static class VcJwtWriter
{
    // What one thread keeps from token to token: room for the payload and for what is signed. A larger credential gets room of its own.
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static ByteText? room;

    private static readonly string[] Claims = ["iss", "jti", "sub", "nbf", "exp"];

    public static string Write(JsonObject credential, SigningKey key, string algorithm, string keyId)
    {
        ByteText header = new(256);
        header.Append("{\"alg\":"u8);
        JsonText.WriteText(algorithm, header);
        header.Append(",\"kid\":"u8);
        JsonText.WriteText(keyId, header);
        header.Append(",\"typ\":\"JWT\"}"u8);

        ByteText payload = room ?? new ByteText(8192);
        room = null;
        payload.Clear();
        WritePayload(payload, credential);
        string token = Sign(header.Written, payload.Written, key);
        room = payload.Array.Length <= MostKept ? payload : null;
        return token;
    }

    private static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, SigningKey key)
    {
        int headerLength = Base64Url.GetEncodedLength(header.Length);
        int length = headerLength + 1 + Base64Url.GetEncodedLength(payload.Length);
        byte[] input = ArrayPool<byte>.Shared.Rent(length);
        Base64Url.EncodeToUtf8(header, input);
        input[headerLength] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, input.AsSpan(headerLength + 1));
        byte[] signature = key.Sign(input.AsSpan(0, length));
        string token = string.Create(length + 1 + Base64Url.GetEncodedLength(signature.Length), (input, length, signature), static (token, parts) =>
        {
            Encoding.ASCII.GetChars(parts.input.AsSpan(0, parts.length), token);
            token[parts.length] = '.';
            Base64Url.EncodeToChars(parts.signature, token[(parts.length + 1)..]);
        });
        ArrayPool<byte>.Shared.Return(input);
        return token;
    }

    private static void WritePayload(ByteText payload, JsonObject credential)
    {
        string issuer = CredentialFacts.Issuer(credential) ?? throw Lacks("issuer.id");
        string id = CredentialFacts.Text(credential, "id") ?? throw Lacks("id");
        string subject = CredentialFacts.Subject(credential) ?? throw Lacks("credentialSubject.id");
        long from = Seconds(credential, "validFrom") ?? throw Lacks("validFrom");
        long? until = credential.ContainsKey("validUntil") ? Seconds(credential, "validUntil") ?? throw Lacks("validUntil") : null;
        foreach (string claim in Claims)
        {
            if (credential.ContainsKey(claim)) throw new ProofException($"The credential has a member {claim}, which is a claim of the token; remove it.");
        }

        JsonText.Write(credential, payload, JsonText.Form.Compact);
        payload.RemoveLast();
        Claim(payload, ",\"iss\":"u8, issuer);
        Claim(payload, ",\"jti\":"u8, id);
        Claim(payload, ",\"sub\":"u8, subject);
        payload.Append(",\"nbf\":"u8);
        payload.Append(from);
        if (until is not null)
        {
            payload.Append(",\"exp\":"u8);
            payload.Append(until.Value);
        }

        payload.Append((byte)'}');
    }

    private static void Claim(ByteText payload, ReadOnlySpan<byte> name, string value)
    {
        payload.Append(name);
        JsonText.WriteText(value, payload);
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
