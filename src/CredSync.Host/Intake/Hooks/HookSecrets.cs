using System.Collections.Concurrent;
using System.Text;
using CredSync.Core.Configuration;

namespace CredSync.Host.Intake.Hooks;

/// <summary>The secrets of a source's deliveries, read again every other second: often enough for a rotated file, seldom enough for a flood.</summary>
internal sealed class HookSecrets(TimeProvider time)
{
    private const int Shortest = 24;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<WebhookDefinition, (DateTimeOffset Read, IReadOnlyList<byte[]> Keys)> kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>The secrets as bytes, decoded where the proof says so.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot be read, or is not what its proof needs.</exception>
    public IReadOnlyList<byte[]> Of(WebhookDefinition webhook)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (kept.TryGetValue(webhook, out (DateTimeOffset Read, IReadOnlyList<byte[]> Keys) known) && now - known.Read < Fresh)
        {
            return known.Keys;
        }

        byte[][] keys = [.. webhook.Secrets.Select(s => Bytes(webhook.Proof, s))];
        if (kept.Count > 1000)
        {
            // Definitions of configurations that are no longer in force.
            kept.Clear();
        }

        kept[webhook] = (now, keys);
        return keys;
    }

    // "whsec_" says that the rest is base64; without it people mean the text as it stands.
    private static byte[] Bytes(WebhookProof proof, Secret secret)
    {
        string text = Reveal(secret);
        if (text.Length < 8)
        {
            throw new InvalidOperationException($"The secret {secret.Reference} is shorter than 8 characters; choose a long random one.");
        }

        if (proof != WebhookProof.StandardWebhooks)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        byte[] key;
        try
        {
            key = Convert.FromBase64String(text.StartsWith("whsec_", StringComparison.Ordinal) ? text["whsec_".Length..] : text);
        }
        catch (FormatException)
        {
            string mistake = text.StartsWith("whpk_", StringComparison.Ordinal) ? "; a public key stands under 'public_keys', as it is" : "";
            throw new InvalidOperationException($"The secret {secret.Reference} is no Standard Webhooks secret: it is 'whsec_' and base64{mistake}.");
        }

        return key.Length >= Shortest ? key
            : throw new InvalidOperationException($"The secret {secret.Reference} has fewer than {Shortest} bytes, so that it can be guessed; make a new one of {Shortest} to 64 random bytes.");
    }

    // A file that is there and must not be read is a secret that is away like any other.
    private static string Reveal(Secret secret)
    {
        try
        {
            return secret.Reveal();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The secret {secret.Reference} cannot be read ({fault.GetType().Name}); give this process's account the right to.", fault);
        }
    }
}
