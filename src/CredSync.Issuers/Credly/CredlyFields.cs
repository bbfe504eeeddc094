namespace CredSync.Issuers.Credly;

/// <summary>The fields that an issue sends: only these names may be quoted from a refusal, whose other words may hold personal data.</summary>
internal static class CredlyFields
{
    private static readonly HashSet<string> Sent = new(StringComparer.Ordinal)
    {
        "recipient_email", "issued_to_first_name", "issued_to_last_name", "badge_template_id", "issued_at", "issuer_earner_id", "expires_at", "locale",
    };

    public static bool Contains(string field) => Sent.Contains(field);
}
