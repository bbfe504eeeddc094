using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CredSync.Host.Intake.Hooks;

/// <summary>
/// Tokens that senders fetch by OAuth 2 client credentials (RFC 6749 section 4.4). A token is its end and a signature over it under the client's own secret, so that
/// every worker knows it without asking anybody, and a secret that is taken away takes its tokens with it.
/// </summary>
internal static class HookTokens
{
    /// <summary>How long a token is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static string Mint(byte[] secret, string source, DateTimeOffset now)
    {
        string end = (now + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{end}.{Sign(secret, source, end)}";
    }

    public static bool IsGood(IReadOnlyList<byte[]> secrets, string source, string? token, DateTimeOffset now)
    {
        if (token is not { Length: > 0 and < 200 } || token.Split('.') is not [var end, var signature]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return false;
        }

        byte[] given = Encoding.UTF8.GetBytes(signature);
        bool signed = false;
        foreach (byte[] secret in secrets)
        {
            signed |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(secret, source, end)), given);
        }

        return signed && seconds > now.ToUnixTimeSeconds();
    }

    private static string Sign(byte[] secret, string source, string end) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"credsync hook token\n{source}\n{end}")));
}
