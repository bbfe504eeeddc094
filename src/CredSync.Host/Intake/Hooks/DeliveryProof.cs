using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Core.Configuration;
using CredSync.Sources;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Proves who sent a delivery. Every comparison takes the same time whatever it finds, and tries every secret.</summary>
internal static class DeliveryProof
{
    /// <summary>What a proof found.</summary>
    /// <param name="Refused">Why it is refused, a word for the log; null when it is proven.</param>
    /// <param name="Id">The message's own id, when the proof covers it.</param>
    /// <param name="Target">What follows in the address, without a secret.</param>
    public readonly record struct Result(string? Refused, string? Id, string Target);

    /// <exception cref="InvalidOperationException">Public keys are configured, and nothing here can check signatures with them.</exception>
    public static Result Of(WebhookDefinition webhook, IReadOnlyList<byte[]> secrets, string source, HookRequest request, DateTimeOffset now, IEd25519Verifier? ed25519 = null) => webhook.Proof switch
    {
        WebhookProof.None => new(null, null, request.Rest),
        WebhookProof.StandardWebhooks => StandardWebhooks(webhook, secrets, request, now, ed25519),
        WebhookProof.HmacSha256 => Refuse("signature", HmacSha256(webhook, secrets, request), request.Rest),
        WebhookProof.Token => Refuse("token", Any(secrets, Token(webhook, request)), request.Rest),
        WebhookProof.Path => Path(secrets, request),
        WebhookProof.Basic => Refuse("credentials", Basic(webhook, secrets, request.Header("Authorization")), request.Rest),
        WebhookProof.Oauth => Refuse("token", HookTokens.IsGood(secrets, source, Bearer(request), now), request.Rest),
        _ => new("proof", null, ""),
    };

    /// <summary>Whether client id and secret of HTTP Basic are right.</summary>
    public static bool Basic(WebhookDefinition webhook, IReadOnlyList<byte[]> secrets, string? authorization)
    {
        const string Scheme = "Basic ";
        Span<byte> decoded = stackalloc byte[512];
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || authorization.Length > 600
            || !Convert.TryFromBase64String(authorization[Scheme.Length..].Trim(), decoded, out int length))
        {
            return false;
        }

        ReadOnlySpan<byte> pair = decoded[..length];
        int colon = pair.IndexOf((byte)':');
        return colon >= 0 && Client(webhook, secrets, pair[..colon], pair[(colon + 1)..]);
    }

    /// <summary>Whether client id and secret are right.</summary>
    public static bool Client(WebhookDefinition webhook, IReadOnlyList<byte[]> secrets, ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret)
    {
        bool isClient = CryptographicOperations.FixedTimeEquals(id, Encoding.UTF8.GetBytes(webhook.ClientId ?? ""));
        return isClient & Any(secrets, secret);
    }

    /// <summary>The bearer token; null when there is none.</summary>
    public static string? Bearer(HookRequest request) =>
        request.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    private static Result StandardWebhooks(WebhookDefinition webhook, IReadOnlyList<byte[]> secrets, HookRequest request, DateTimeOffset now, IEd25519Verifier? ed25519)
    {
        string id = request.Header("webhook-id") ?? "";
        string timestamp = request.Header("webhook-timestamp") ?? "";
        string signatures = request.Header("webhook-signature") ?? "";
        if (id.Length is 0 or > 200 || timestamp.Length > 20 || signatures.Length > 4000 || !id.All(c => c is > ' ' and < '\u007F'))
        {
            return new("signature", null, "");
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)webhook.Tolerance.TotalSeconds)
        {
            return new("stale", null, "");
        }

        bool proven = false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (byte[] secret in secrets)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hash.AppendData(Encoding.ASCII.GetBytes($"{id}.{timestamp}."));
            hash.AppendData(request.Body.Span);
            hash.GetHashAndReset(expected);
            foreach (string signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                proven |= signature.StartsWith("v1,", StringComparison.Ordinal) && Convert.TryFromBase64String(signature[3..], given, out int length) && length == given.Length
                    && CryptographicOperations.FixedTimeEquals(expected, given);
            }
        }

        return proven || Asymmetric(webhook.PublicKeys, signatures, $"{id}.{timestamp}.", request.Body.Span, ed25519) ? new(null, id, request.Rest) : new("signature", null, "");
    }

    // Signatures v1a of Standard Webhooks 1.0. There is no secret here, so nothing is lost by the time that a comparison takes; but each takes a while, so that only so many are looked at.
    private static bool Asymmetric(IReadOnlyList<byte[]> keys, string signatures, string head, ReadOnlySpan<byte> body, IEd25519Verifier? ed25519)
    {
        const string Version = "v1a,";
        const int Most = 8;
        if (keys.Count == 0)
        {
            return false;
        }

        if (ed25519 is null)
        {
            throw new InvalidOperationException("This executable has nothing to check Ed25519 signatures with, which 'public_keys' needs; register the Open Badges issuer, which brings it, or an IEd25519Verifier of your own.");
        }

        byte[] signed = [.. Encoding.ASCII.GetBytes(head), .. body];
        byte[] given = new byte[64];
        foreach (string signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(s => s.StartsWith(Version, StringComparison.Ordinal)).Take(Most))
        {
            if (Convert.TryFromBase64String(signature[Version.Length..], given, out int length) && length == given.Length && keys.Any(key => ed25519.Verify(key, signed, given)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HmacSha256(WebhookDefinition webhook, IReadOnlyList<byte[]> secrets, HookRequest request)
    {
        const string Prefix = "sha256=";
        string header = request.Header(webhook.Header ?? "X-Hub-Signature-256") ?? "";
        string text = header.StartsWith(Prefix, StringComparison.Ordinal) ? header[Prefix.Length..] : header;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (text.Length != given.Length * 2 || Convert.FromHexString(text, given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bool proven = false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (byte[] secret in secrets)
        {
            HMACSHA256.HashData(secret, request.Body.Span, expected);
            proven |= CryptographicOperations.FixedTimeEquals(expected, given);
        }

        return proven;
    }

    private static string? Token(WebhookDefinition webhook, HookRequest request) =>
        webhook.Field is { } field ? BodyToken.Read(request.Body, field) : webhook.Header is { } header ? request.Header(header) : Bearer(request);

    private static Result Path(IReadOnlyList<byte[]> secrets, HookRequest request)
    {
        int end = request.Rest.IndexOf('/', StringComparison.Ordinal);
        return Refuse("address", Any(secrets, end < 0 ? request.Rest : request.Rest[..end]), end < 0 ? "" : request.Rest[(end + 1)..]);
    }

    private static Result Refuse(string word, bool proven, string target) => proven ? new(null, null, target) : new(word, null, "");

    private static bool Any(IReadOnlyList<byte[]> secrets, string? given) => given is { Length: > 0 and <= 4000 } && Any(secrets, Encoding.UTF8.GetBytes(given));

    private static bool Any(IReadOnlyList<byte[]> secrets, ReadOnlySpan<byte> given)
    {
        bool any = false;
        foreach (byte[] secret in secrets)
        {
            any |= CryptographicOperations.FixedTimeEquals(secret, given);
        }

        return any;
    }
}
