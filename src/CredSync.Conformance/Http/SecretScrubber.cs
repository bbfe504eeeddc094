using System.Net;
using System.Text.RegularExpressions;

namespace CredSync.Conformance.Http;

/// <summary>Writes <c>SECRET-1</c>, <c>SECRET-2</c> and so on for secrets: those that it is told, and the tokens that it sees pass.</summary>
internal sealed partial class SecretScrubber
{
    private readonly Lock gate = new();
    private readonly List<(string Secret, string Written)> secrets = [];

    public SecretScrubber(IReadOnlyList<string> secrets)
    {
        foreach (string secret in secrets)
        {
            Add(secret);
        }
    }

    /// <summary>Learns the credentials of a request and the tokens in what was sent and answered.</summary>
    public void Learn(string? authorization, params ReadOnlySpan<string> texts)
    {
        // An Authorization that only repeats a secret brings nothing new; Basic brings the pair in another spelling.
        if (authorization is { Length: >= 8 })
        {
            Add(authorization);
        }

        foreach (string text in texts)
        {
            foreach (Match token in TokenField().Matches(text))
            {
                Add(token.Groups["json"].Success ? token.Groups["json"].Value : WebUtility.UrlDecode(token.Groups["form"].Value));
                Add(token.Groups["json"].Value.Replace("\\/", "/", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>A text without secrets, in whatever form they stand in it.</summary>
    public string Scrub(string text)
    {
        (string Secret, string Written)[] known;
        lock (gate)
        {
            // The longest first, or a secret within another would leave a rest of the longer one.
            known = [.. secrets.OrderByDescending(pair => pair.Secret.Length)];
        }

        foreach ((string secret, string written) in known)
        {
            text = text.Replace(secret, written, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), written, StringComparison.Ordinal)
                .Replace(WebUtility.UrlEncode(secret), written, StringComparison.Ordinal);
        }

        return text;
    }

    private void Add(string secret)
    {
        lock (gate)
        {
            if (secret.Length > 0 && !secrets.Exists(s => s.Secret == secret || s.Written == secret))
            {
                secrets.Add((secret, $"SECRET-{secrets.Count + 1}"));
            }
        }
    }

    [GeneratedRegex("""(?:"(?:access_token|refresh_token|id_token|token|privatetoken|sesskey|client_secret|api_key|password|secret)"\s*:\s*"(?<json>[^"\\]{6,}(?:\\.[^"\\]*)*)")|(?:(?:^|[&?])(?:access_token|refresh_token|client_secret|api_key|password|wstoken)=(?<form>[^&\s"]{6,}))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TokenField();
}
