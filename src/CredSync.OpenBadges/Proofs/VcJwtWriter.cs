using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>Writes header and payload by hand: token libraries add claims of their own.</summary>
internal static class VcJwtWriter
{
    // What one thread keeps from token to token: room for the payload and for what is signed. A larger credential gets room of its own.
    private const int MostKept = 64 * 1024;

    // As long as any signature: RSA of 8192 bits.
    private const int LongestSignature = 1024;

    [ThreadStatic]
    private static ByteText? room;

    // One issuer signs with one key: its header is the same from token to token.
    private static volatile EncodedHeader? lastHeader;

    private static readonly string[] Claims = ["iss", "jti", "sub", "nbf", "exp"];

    private sealed record EncodedHeader(string Algorithm, string KeyId, byte[] Text);

    private readonly record struct Facts(string Issuer, string Id, string Subject, long From, long? Until);

    public static string Write(JsonObject credential, SigningKey key, string algorithm, string keyId)
    {
        Facts facts = FactsOf(credential);
        ByteText payload = Take();
        JsonText.Write(credential, payload, JsonText.Form.Compact);
        return Finish(payload, facts, key, algorithm, keyId);
    }

    public static string Write(AchievementCredential credential, SigningKey key, string algorithm, string keyId)
    {
        Facts facts = new(
            credential.Issuer.Id, credential.Id, credential.Subject.Id ?? throw Lacks("credentialSubject.id"), credential.ValidFrom.ToUnixTimeSeconds(), credential.ValidUntil?.ToUnixTimeSeconds());
        ByteText payload = Take();
        JsonLine.Append(credential, payload);
        return Finish(payload, facts, key, algorithm, keyId);
    }

    private static ByteText Take()
    {
        ByteText payload = room ?? new ByteText(8192);
        room = null;
        payload.Clear();
        return payload;
    }

    private static string Finish(ByteText payload, Facts facts, SigningKey key, string algorithm, string keyId)
    {
        // In the place of the credential's last bracket.
        payload.RemoveLast();
        Claim(payload, ",\"iss\":"u8, facts.Issuer);
        Claim(payload, ",\"jti\":"u8, facts.Id);
        Claim(payload, ",\"sub\":"u8, facts.Subject);
        payload.Append(",\"nbf\":"u8);
        payload.Append(facts.From);
        if (facts.Until is { } until)
        {
            payload.Append(",\"exp\":"u8);
            payload.Append(until);
        }

        payload.Append((byte)'}');
        string token = Sign(Header(algorithm, keyId), payload.Written, key);
        room = payload.Array.Length <= MostKept ? payload : null;
        return token;
    }

    private static byte[] Header(string algorithm, string keyId)
    {
        if (lastHeader is { } last && last.KeyId == keyId && last.Algorithm == algorithm)
        {
            return last.Text;
        }

        ByteText header = new(256);
        header.Append("{\"alg\":"u8);
        JsonText.WriteText(algorithm, header);
        header.Append(",\"kid\":"u8);
        JsonText.WriteText(keyId, header);
        header.Append(",\"typ\":\"JWT\"}"u8);
        byte[] text = [.. Base64Url.EncodeToUtf8(header.Written), (byte)'.'];
        lastHeader = new(algorithm, keyId, text);
        return text;
    }

    private static string Sign(byte[] header, ReadOnlySpan<byte> payload, SigningKey key)
    {
        int length = header.Length + Base64Url.GetEncodedLength(payload.Length);
        byte[] input = ArrayPool<byte>.Shared.Rent(length + 1 + Base64Url.GetEncodedLength(LongestSignature));
        header.CopyTo(input, 0);
        Base64Url.EncodeToUtf8(payload, input.AsSpan(header.Length));
        Span<byte> signature = stackalloc byte[LongestSignature];
        int signed = key.Sign(input.AsSpan(0, length), signature);
        input[length] = (byte)'.';
        int encoded = Base64Url.EncodeToUtf8(signature[..signed], input.AsSpan(length + 1));
        string token = Encoding.ASCII.GetString(input, 0, length + 1 + encoded);
        ArrayPool<byte>.Shared.Return(input);
        return token;
    }

    private static Facts FactsOf(JsonObject credential)
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

        return new(issuer, id, subject, from, until);
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
