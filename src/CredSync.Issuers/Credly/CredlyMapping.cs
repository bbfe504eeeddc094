using System.Globalization;
using System.Text.Json;
using CredSync.Issuers.Http;

namespace CredSync.Issuers.Credly;

/// <summary>From a request to issue to Credly's body and from Credly's badge to ours: pure.</summary>
internal static class CredlyMapping
{
    /// <summary>The body of an issue.</summary>
    /// <param name="who">The service and issuer in words.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="IssuerException">Something that Credly needs is unknown.</exception>
    public static CredlyIssue Issue(string who, IssuanceRequest request, CredlyOptions options)
    {
        (string first, string last) = RecipientFacts.Names(who, request.Recipient);
        return new()
        {
            RecipientEmail = RecipientFacts.Email(who, request.Recipient),
            FirstName = first,
            LastName = last,
            Template = RecipientFacts.Template(who, request.Credential),
            IssuedAt = Time(request.Award.EarnedAt),
            EarnerId = EarnerId(request),
            ExpiresAt = request.Award.ExpiresAt is { } expires ? Time(expires) : false,
            Locale = options.Locale,
            SuppressMail = !options.Notify,
        };
    }

    /// <summary>Our own id of the person at Credly; the pair of it, the template and the earned date is what a look-up goes by.</summary>
    public static string EarnerId(IssuanceRequest request) => request.Recipient.SubjectId.ToString("D");

    /// <summary>Whether a badge of the person is the one of this request: same template, same earned date.</summary>
    public static bool IsOurs(JsonElement badge, IssuanceRequest request) =>
        string.Equals(badge.Text("badge_template", "id"), request.Credential.Template?.Trim(), StringComparison.OrdinalIgnoreCase)
        && DateTimeOffset.TryParse(badge.Text("issued_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
        && at.ToUnixTimeSeconds() == request.Award.EarnedAt.ToUnixTimeSeconds();

    /// <summary>A badge of Credly's; null when it has no id.</summary>
    public static IssuedCredential? Badge(JsonElement? badge, IssuanceRequest request, CredlyOptions options) => badge?.Text("id") is { } id
        ? new()
        {
            CredentialId = id,
            IssuedAt = request.IssuedAt,
            // Credly's public pages are on another host than its API; a sandbox or a play Credly has none.
            PublicUrl = options.Address.Host == "api.credly.com" ? $"https://www.credly.com/badges/{Uri.EscapeDataString(id)}" : null,
        }
        : null;

    /// <summary>A badge of Credly's in a list; null when it has no id.</summary>
    public static ListedCredential? Listed(JsonElement badge, CredlyOptions options) => badge.Text("id") is { } id
        ? new()
        {
            CredentialId = id,
            SubjectId = Guid.TryParse(badge.Text("issuer_earner_id"), out Guid subject) ? subject : null,
            Template = badge.Text("badge_template", "id"),
            EarnedAt = DateTimeOffset.TryParse(badge.Text("issued_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at.ToUniversalTime() : null,
            IsRevoked = badge.Text("state") == "revoked",
            PublicUrl = options.Address.Host == "api.credly.com" ? $"https://www.credly.com/badges/{Uri.EscapeDataString(id)}" : null,
        }
        : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
