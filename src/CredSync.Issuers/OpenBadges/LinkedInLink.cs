using System.Globalization;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The link that fills LinkedIn's form "Add licence or certification". It names the credential, never the learner.</summary>
internal static class LinkedInLink
{
    public static string Of(OpenBadgesShown shown)
    {
        var parameters = new List<(string Name, string Value)> { ("startTask", "CERTIFICATION_NAME"), ("name", shown.Name), ("organizationName", shown.Issuer) };
        if ((shown.Earned ?? shown.Issued) is { } issued)
        {
            parameters.Add(("issueYear", Number(issued.UtcDateTime.Year)));
            parameters.Add(("issueMonth", Number(issued.UtcDateTime.Month)));
        }

        if (shown.Expires is { } expires)
        {
            parameters.Add(("expirationYear", Number(expires.UtcDateTime.Year)));
            parameters.Add(("expirationMonth", Number(expires.UtcDateTime.Month)));
        }

        parameters.Add(("certUrl", shown.Id));
        parameters.Add(("certId", shown.Id.Split('/')[^1]));
        return "https://www.linkedin.com/profile/add?" + string.Join('&', parameters.Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
