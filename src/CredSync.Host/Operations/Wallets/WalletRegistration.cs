using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>A wallet makes itself known (RFC 7591 section 3, as Open Badges 3.0 section 7.1 narrows it). Anybody may; it may do nothing by that alone.</summary>
internal sealed class WalletRegistration(WalletLedger ledger, TimeProvider time)
{
    /// <summary>How many may register within an hour.</summary>
    public const int MostAnHour = 200;

    private const int LargestBody = 16 * 1024;
    private static readonly string[] Addresses = ["client_uri", "logo_uri", "tos_uri", "policy_uri"];
    private static readonly string[] Required = ["client_name", .. Addresses, "software_id", "software_version", "scope"];
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(30);

    public async Task<PublicAnswer> AnswerAsync(WalletCall call, CancellationToken ct)
    {
        if (Read(call) is not { } wish)
        {
            return Refused("The body is not a JSON object of at most 16 KiB.");
        }

        if (Required.FirstOrDefault(r => Text(wish, r) is not { Length: > 0 and <= 1000 }) is { } missing)
        {
            return Refused($"{missing} is missing, or longer than 1000 characters.");
        }

        string[] redirects = [.. (wish["redirect_uris"] as JsonArray ?? []).Select(r => r is JsonValue v && v.TryGetValue(out string? t) ? t : "")];
        if (redirects.Length is 0 or > 10 || !redirects.All(r => IsSecure(r) && !r.Contains('#', StringComparison.Ordinal)))
        {
            return WalletAnswers.OAuth(400, "invalid_redirect_uri", "redirect_uris takes one to ten https addresses without a fragment.");
        }

        if (Addresses.FirstOrDefault(a => !IsSecure(Text(wish, a)!)) is { } odd)
        {
            return Refused($"{odd} is not an https address.");
        }

        if (redirects.Concat(Addresses.Select(a => Text(wish, a)!)).Select(a => new Uri(a).Host).Distinct(StringComparer.OrdinalIgnoreCase).Count() != 1)
        {
            return WalletAnswers.OAuth(400, "invalid_redirect_uri", "All addresses must have one host name: the wallet's.");
        }

        if ((Text(wish, "token_endpoint_auth_method") ?? "client_secret_basic") != "client_secret_basic" || !Only(wish, "grant_types", "authorization_code", "refresh_token") || !Only(wish, "response_types", "code"))
        {
            return Refused("Only client_secret_basic, the grant types authorization_code and refresh_token, and the response type code are served.");
        }

        string[] scopes = [.. WalletScopes.Words(Text(wish, "scope")).Where(WalletScopes.Offered.ContainsKey)];
        if (scopes.Length == 0)
        {
            return Refused("scope names nothing that is offered here; see the service description.");
        }

        return await StoreAsync(wish, scopes, redirects, ct).ConfigureAwait(false);
    }

    private async Task<PublicAnswer> StoreAsync(JsonObject wish, string[] scopes, string[] redirects, CancellationToken ct)
    {
        string id = WalletSecrets.Fresh()[..22], secret = WalletSecrets.Fresh();
        DateTimeOffset now = time.GetUtcNow();
        var client = new WalletClient
        {
            Id = id, SecretHash = WalletSecrets.Digest(secret), Name = Text(wish, "client_name")!, Home = Text(wish, "client_uri")!, Redirects = redirects, Scopes = scopes, RegisteredAt = now,
        };
        if (!await ledger.RegisterAsync(client, MostAnHour, now - ForgetAfter, ct).ConfigureAwait(false))
        {
            return WalletAnswers.OAuth(429, "temporarily_unavailable", "Too many wallets registered within the last hour; try again later.", new Dictionary<string, string> { ["Retry-After"] = "600" });
        }

        var answer = (JsonObject)wish.DeepClone();
        answer["scope"] = string.Join(' ', scopes);
        answer["token_endpoint_auth_method"] = "client_secret_basic";
        answer["grant_types"] = new JsonArray("authorization_code", "refresh_token");
        answer["response_types"] = new JsonArray("code");
        answer["client_id"] = id;
        answer["client_secret"] = secret;
        answer["client_id_issued_at"] = now.ToUnixTimeSeconds();
        answer["client_secret_expires_at"] = 0;
        return WalletAnswers.Json(answer, 201);
    }

    private static JsonObject? Read(WalletCall call)
    {
        try
        {
            return call.Request.Body.Length > LargestBody ? null : JsonNode.Parse(call.Request.Body.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PublicAnswer Refused(string sentence) => WalletAnswers.OAuth(400, "invalid_client_metadata", sentence);

    private static string? Text(JsonObject wish, string name) => wish[name] is JsonValue value && value.TryGetValue(out string? text) ? text.Trim() : null;

    private static bool Only(JsonObject wish, string name, params string[] served) =>
        wish[name] is null || (wish[name] is JsonArray list && list.All(i => i is JsonValue v && v.TryGetValue(out string? t) && served.Contains(t)));

    private static bool IsSecure(string text) => text.Length <= 1000 && !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;
}
