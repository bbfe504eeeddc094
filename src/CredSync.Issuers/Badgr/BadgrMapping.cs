using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CredSync.Issuers.Http;

namespace CredSync.Issuers.Badgr;

/// <summary>From a request to issue to Badgr's assertion and back: pure.</summary>
internal static class BadgrMapping
{
    /// <exception cref="IssuerException">Something that the server needs is unknown.</exception>
    public static BadgrAssertion Issue(string who, IssuanceRequest request, BadgrOptions options) => new()
    {
        Recipient = new() { Identity = RecipientFacts.Email(who, request.Recipient) },
        IssuedOn = Time(request.Award.EarnedAt),
        Expires = request.Award.ExpiresAt is { } expires ? Time(expires) : null,
        Evidence = request.Award.EarnedBy.Count == 0 ? null :
        [
            .. request.Award.EarnedBy.Select(e => new BadgrEvidence
            {
                Url = Uri.TryCreate(e.CertificateUrl, UriKind.Absolute, out Uri? page) && page.Scheme is "https" or "http" ? e.CertificateUrl : null,
                Narrative = string.Create(CultureInfo.InvariantCulture, $"{e.CourseTitle}, completed on {e.CompletedAt.UtcDateTime:yyyy-MM-dd}"),
            }),
        ],
        Notify = options.Notify,
        AllowDuplicateAwards = options.AllowDuplicates,
    };

    /// <summary>Whether an assertion of the template is the one of this request: same recipient, same earned date.</summary>
    public static bool IsOurs(JsonElement assertion, IssuanceRequest request) => IsTheirs(assertion, request)
        && DateTimeOffset.TryParse(assertion.Text("issuedOn"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
        && at.ToUnixTimeSeconds() == request.Award.EarnedAt.ToUnixTimeSeconds();

    /// <summary>Whether an assertion is this person's, by the plain address or by its salted hash.</summary>
    public static bool IsTheirs(JsonElement assertion, IssuanceRequest request)
    {
        if (assertion.At("recipient") is not { } recipient || request.Recipient.Email?.Trim() is not { } email)
        {
            return false;
        }

        string salt = recipient.Text("salt") ?? "";
        return ((string?[])[recipient.Text("plaintextIdentity"), recipient.Text("identity")]).OfType<string>().Any(identity =>
            string.Equals(identity, email, StringComparison.OrdinalIgnoreCase)
            || string.Equals(identity, Hash(email + salt), StringComparison.OrdinalIgnoreCase)
            || string.Equals(identity, Hash(email.ToLowerInvariant() + salt), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An assertion of Badgr's; null when it has no id.</summary>
    public static IssuedCredential? Assertion(JsonElement? assertion, IssuanceRequest request) => assertion?.Text("entityId") is { } id
        ? new() { CredentialId = id, IssuedAt = request.IssuedAt, PublicUrl = Uri.TryCreate(assertion.Value.Text("openBadgeId"), UriKind.Absolute, out Uri? page) ? page.AbsoluteUri : null }
        : null;

    private static string Hash(string text) => "sha256$" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
