using System.Globalization;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Status;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// Signs the status lists and keeps them: anew when something was revoked, when the signature is half over, or when another key signs now. Their addresses and the
/// places in them do not depend on the signing key.
/// </summary>
internal static class OpenBadgesStatusLists
{
    /// <summary>How long a signature on a list holds.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    /// <summary>How long a verifier may keep a list: a revocation is seen everywhere after at most this long.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);

    /// <summary>The path of a list below the public address.</summary>
    public static string PathOf(int list) => string.Create(CultureInfo.InvariantCulture, $"/status/{list}");

    /// <summary>Brings all lists up to date from which a number was given.</summary>
    public static async Task PublishAsync(OpenBadgesSigner signer, IIssuerRecords records, DateTimeOffset now, CancellationToken ct)
    {
        StatusNumbers numbers = await records.StatusNumbersAsync(ct).ConfigureAwait(false);
        ILookup<int, StatusPlace> revoked = numbers.Revoked.Select(signer.Facts.Place).ToLookup(static p => p.List);
        for (int list = 0; (long)list * signer.Facts.ListLength < numbers.Next; list++)
        {
            string path = PathOf(list);
            StatusPlace[] places = [.. revoked[list]];
            KeptDocument? kept = await records.DocumentAsync(path, ct).ConfigureAwait(false);
            if (kept is null || kept.Version != places.Length || kept.ValidUntil - now < Validity / 2 || !IsSignedBy(kept, signer.VerificationMethod))
            {
                await records.KeepAsync(path, Sign(signer, path, places, now), ct).ConfigureAwait(false);
            }
        }
    }

    private static KeptDocument Sign(OpenBadgesSigner signer, string path, StatusPlace[] places, DateTimeOffset now)
    {
        var bits = new BitstringStatusList(signer.Facts.ListLength);
        foreach (StatusPlace place in places)
        {
            bits[place.Index] = true;
        }

        DateTimeOffset made = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var credential = new StatusListCredential
        {
            Id = signer.Facts.Address + path,
            Issuer = signer.Identity.Did,
            ValidFrom = made,
            ValidUntil = made + Validity,
            TimeToLive = TimeToLive,
            List = bits,
        };

        // Revocations are never taken back, so of two lists the one with more bits is the newer one.
        return new() { MediaType = "application/vc+ld+json", Content = CredentialJson.Write(signer.Secure(credential.ToJson(), made)), Version = places.Length, MadeAt = now, ValidUntil = made + Validity };
    }

    private static bool IsSignedBy(KeptDocument kept, string method) =>
        JsonNode.Parse(kept.Content.Span)?["proof"] is { } proof && (proof is JsonArray several ? several[0] : proof)?["verificationMethod"]?.GetValue<string>() == method;
}
