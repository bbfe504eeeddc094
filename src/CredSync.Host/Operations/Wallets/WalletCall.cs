using System.Text;
using CredSync.Issuers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CredSync.Host.Operations.Wallets;

/// <summary>A request at the wallets' door of one issuer.</summary>
/// <param name="Request">The request; its path is the one below the issuer's address.</param>
/// <param name="Issuer">The issuer's name.</param>
/// <param name="Address">The issuer's public address, without a slash at the end.</param>
internal sealed record WalletCall(PublicRequest Request, string Issuer, string Address)
{
    /// <summary>Where the interface is, below the issuer's address (Open Badges 3.0 section 6).</summary>
    public const string Base = "/ims/ob/v3p0";

    /// <summary>The interface's public address.</summary>
    public string Api => Address + Base;

    /// <summary>A header's value; null when it is not there.</summary>
    public string? Header(string name) => Request.Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The media type of the body, in lower case and without parameters; empty when none is said.</summary>
    public string BodyType => (Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Request.Body.Span);

    /// <summary>The fields of a form, the last of each name; empty when the body is none.</summary>
    public IReadOnlyDictionary<string, string> Form() => BodyType == "application/x-www-form-urlencoded" && Request.Body.Length <= 64 * 1024
        ? QueryHelpers.ParseQuery(Text).ToDictionary(f => f.Key, f => Last(f.Value), StringComparer.Ordinal)
        : new Dictionary<string, string>();

    /// <summary>Name and secret of HTTP Basic (RFC 6749 section 2.3.1: both are form-encoded first); null when there are none.</summary>
    public (string Name, string Secret)? Basic()
    {
        if (Header("Authorization") is not { } value || !value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || value.Length > 1000)
        {
            return null;
        }

        byte[] decoded = new byte[value.Length];
        if (!Convert.TryFromBase64String(value[6..].Trim(), decoded, out int length))
        {
            return null;
        }

        string[] parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : null;
    }

    /// <summary>The token of HTTP Bearer (RFC 6750 section 2.1); null when there is none.</summary>
    public string? Bearer() => Header("Authorization") is { Length: <= 1000 } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..].Trim() : null;

    private static string Last(StringValues values) => values.LastOrDefault() ?? "";
}
