using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;

namespace CredSync.Host.Operations.Access;

/// <summary>Keys of programs: made, checked, rotated, ended. Only the digest of a secret is stored; the secret has 256 random bits, so a digest is enough.</summary>
internal sealed class ApiKeys(OperatorLedger ledger, TimeProvider time)
{
    /// <summary>The longest life of a key.</summary>
    public const int LongestDays = 366;

    private const string Prefix = "csk_";
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (KeyLine? Key, long At)> known = new(StringComparer.Ordinal);

    /// <summary>Makes a key.</summary>
    /// <returns>The line, and the secret, which is shown this once.</returns>
    /// <exception cref="ActException">Something about the wish cannot be.</exception>
    public async Task<(KeyLine Key, string Secret)> MakeAsync(string name, string role, IReadOnlyList<string> scopes, int days, string who, string why, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100)
        {
            throw new ActException("A key needs a name of at most 100 characters: what uses it.");
        }

        if (!Actor.TryRole(role, out _))
        {
            throw new ActException($"There is no role '{role}'; there are viewer, operator and admin.");
        }

        if (scopes.Except(Actor.Scopes, StringComparer.Ordinal).FirstOrDefault() is { } odd)
        {
            throw new ActException($"There is no scope '{odd}'; there are {string.Join(", ", Actor.Scopes)}.");
        }

        if (days is < 1 or > LongestDays)
        {
            throw new ActException($"A key lives from 1 to {LongestDays} days.");
        }

        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        DateTimeOffset now = time.GetUtcNow();
        var key = new KeyLine
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), Name = name, Hash = Digest(secret), Role = role, Scopes = [.. scopes.Distinct(StringComparer.Ordinal)],
            MadeBy = who, MadeAt = now, ExpiresAt = now.AddDays(days),
        };
        await ledger.AddKeyAsync(key, why, ct).ConfigureAwait(false);
        return (key, $"{Prefix}{key.Id}_{secret}");
    }

    /// <summary>Makes a key like another, which goes on for a while so that its user can change over.</summary>
    /// <exception cref="ActException">There is no such key, or it is over.</exception>
    public async Task<(KeyLine Key, string Secret)> RotateAsync(string id, int days, TimeSpan overlap, string who, string why, CancellationToken ct)
    {
        KeyLine old = await ledger.KeyAsync(id, ct).ConfigureAwait(false) ?? throw new ActException($"There is no key '{id}'.") { IsMissing = true };
        if (!IsValid(old))
        {
            throw new ActException($"Key '{id}' is over; make a new one.");
        }

        (KeyLine Key, string Secret) made = await MakeAsync(old.Name, old.Role, old.Scopes, days, who, why, ct).ConfigureAwait(false);
        await ledger.EndKeyAsync(id, time.GetUtcNow() + overlap, who, $"rotated to {made.Key.Id}", ct).ConfigureAwait(false);
        known.TryRemove(id, out _);
        return made;
    }

    /// <summary>Ends a key at once.</summary>
    /// <exception cref="ActException">There is no such key, or it is over.</exception>
    public async Task EndAsync(string id, string who, string why, CancellationToken ct)
    {
        if (!await ledger.EndKeyAsync(id, null, who, why, ct).ConfigureAwait(false))
        {
            throw new ActException($"There is no key '{id}' that is still valid.") { IsMissing = true };
        }

        known.TryRemove(id, out _);
    }

    /// <summary>Finds the key that a program shows; null when it is none, over, or wrong.</summary>
    public async Task<KeyLine?> CheckAsync(string shown, CancellationToken ct)
    {
        if (!shown.StartsWith(Prefix, StringComparison.Ordinal) || shown.Length > 200 || shown[Prefix.Length..].Split('_', 2) is not [var id, var secret] || id.Length > 32)
        {
            return null;
        }

        if (!known.TryGetValue(id, out (KeyLine? Key, long At) entry) || time.GetElapsedTime(entry.At) > Remembered)
        {
            if (known.Count > 1000)
            {
                known.Clear();
            }

            entry = (await ledger.KeyAsync(id, ct).ConfigureAwait(false), time.GetTimestamp());
            known[id] = entry;
        }

        bool right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Digest(secret)), Encoding.UTF8.GetBytes(entry.Key?.Hash ?? Digest("")));
        if (!right || entry.Key is not { } key || !IsValid(key))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (key.LastUsed is null || now - key.LastUsed > TouchEvery)
        {
            known[id] = (key with { LastUsed = now }, entry.At);
            await ledger.TouchKeyAsync(id, ct).ConfigureAwait(false);
        }

        return key;
    }

    private bool IsValid(KeyLine key) => key.ExpiresAt > time.GetUtcNow() && !(key.EndedAt <= time.GetUtcNow());

    private static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
