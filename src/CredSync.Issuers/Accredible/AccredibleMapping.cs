using System.Globalization;
using System.Text.Json;
using CredSync.Issuers.Http;

namespace CredSync.Issuers.Accredible;

/// <summary>From a request to issue to Accredible's body and from its credential to ours: pure.</summary>
internal static class AccredibleMapping
{
    /// <summary>The name of our reference among a credential's meta data.</summary>
    public const string Reference = "credsync_issuance";

    /// <exception cref="IssuerException">Something that Accredible needs is unknown.</exception>
    public static AccredibleBody Issue(string who, IssuanceRequest request, AccredibleOptions options)
    {
        AccredibleEvidence[] evidence =
        [
            .. request.Award.EarnedBy.Where(e => Uri.TryCreate(e.CertificateUrl, UriKind.Absolute, out Uri? page) && page.Scheme is "https" or "http")
                .Select(e => new AccredibleEvidence { Description = e.CourseTitle, Url = e.CertificateUrl! }),
        ];
        return new(new AccredibleCredential
        {
            Id = Key(request),
            Group = GroupOf(RecipientFacts.Template(who, request.Credential)),
            Recipient = new()
            {
                Name = RecipientFacts.Name(who, request.Recipient),
                Email = RecipientFacts.Email(who, request.Recipient),
                Id = request.Recipient.SubjectId.ToString("D"),
            },
            IssuedOn = Date(request.Award.EarnedAt),
            ExpiredOn = request.Award.ExpiresAt is { } expires ? Date(expires) : null,
            Approve = options.Publish,
            MetaData = new Dictionary<string, string> { [Reference] = Key(request) },
            Evidence = evidence.Length > 0 ? evidence : null,
        });
    }

    /// <summary>Our reference of the credential.</summary>
    public static string Key(IssuanceRequest request) => request.IssuanceId.ToString("D");

    /// <summary>A group's id as it is sent.</summary>
    public static object GroupOf(string template) => long.TryParse(template, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : template;

    /// <summary>Whether a credential is the one of this request.</summary>
    public static bool IsOurs(JsonElement credential, IssuanceRequest request) =>
        credential.Text("meta_data", Reference) == Key(request) || credential.Text("license_id") == Key(request);

    /// <summary>A credential of Accredible's; null when it has no id.</summary>
    public static IssuedCredential? Credential(JsonElement? credential, IssuanceRequest request) => credential?.Text("id") is { } id
        ? new() { CredentialId = id, IssuedAt = request.IssuedAt, PublicUrl = Uri.TryCreate(credential.Value.Text("url"), UriKind.Absolute, out Uri? page) ? page.AbsoluteUri : null }
        : null;

    /// <summary>A date as Accredible takes it.</summary>
    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
