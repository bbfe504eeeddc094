using System.Globalization;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Which form of a document a request asks for (RFC 9110 section 12.5.1).</summary>
internal static class OpenBadgesAccept
{
    private static readonly string[] Tokens = ["application/vc+jwt", "application/jwt", "text/plain"];
    private static readonly string[] Documents = ["application/vc+ld+json", "application/ld+json", "application/json", "application/vc"];

    /// <summary>The form of a credential: <c>json</c>, <c>jwt</c>, <c>png</c>, <c>svg</c> or <c>html</c>. Machines that ask for nothing in particular get what can be verified.</summary>
    public static string FormOf(PublicRequest request, bool hasJson, bool hasToken)
    {
        string[] secured = [.. hasJson ? Documents : [], .. hasToken ? Tokens : []];
        string? chosen = Choose(request, [.. secured, "text/html", "image/png", "image/svg+xml"]);
        return chosen switch
        {
            "text/html" => "html",
            "image/png" => "png",
            "image/svg+xml" => "svg",
            _ when Array.IndexOf(Tokens, chosen) >= 0 => "jwt",
            _ => hasJson ? "json" : "jwt",
        };
    }

    /// <summary>The type under which a token is served: the one asked for, or that of Open Badges 3.0.</summary>
    public static string TokenType(PublicRequest request) => Choose(request, ["text/plain", .. Tokens]) ?? "text/plain";

    /// <summary>The type under which a JSON document is served: the one asked for (of the W3C, or plain), or that which Open Badges 3.0 prefers.</summary>
    public static string DocumentType(PublicRequest request) => Choose(request, Documents) ?? Documents[0];

    /// <summary>The best of what is offered; of equals the first. Null when none is acceptable.</summary>
    public static string? Choose(PublicRequest request, IReadOnlyList<string> offers)
    {
        string header = request.Headers.FirstOrDefault(h => string.Equals(h.Key, "Accept", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        if (header.Length == 0)
        {
            return offers[0];
        }

        (string? best, double quality, int precision) = (null, 0, -1);
        foreach (string range in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(32))
        {
            string[] parts = range.Split(';', StringSplitOptions.TrimEntries);
            double q = parts.Skip(1).FirstOrDefault(static p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is { } text
                && double.TryParse(text[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double given) ? given : 1;
            int exact = parts[0] == "*/*" ? 0 : parts[0].EndsWith("/*", StringComparison.Ordinal) ? 1 : 2;
            string? offer = offers.FirstOrDefault(o => exact switch
            {
                0 => true,
                1 => o.StartsWith(parts[0][..^1], StringComparison.OrdinalIgnoreCase),
                _ => string.Equals(o, parts[0], StringComparison.OrdinalIgnoreCase),
            });
            if (offer is not null && q > 0 && (q > quality || (q == quality && exact > precision)))
            {
                (best, quality, precision) = (offer, q, exact);
            }
        }

        return best;
    }
}
