using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CredSync.OpenBadges.Tests.Validation;

namespace CredSync.EndToEnd.Tests.Wallets;

/// <summary>A wallet that knows nothing but the Open Badges 3.0 specification: it reads the service description and goes by it.</summary>
internal sealed partial class PlayWallet : IDisposable
{
    public const string Redirect = "https://wallet.example/back";
    public const string Scope = "https://purl.imsglobal.org/spec/ob/v3p0/scope/";

    private readonly HttpClient http;
    private readonly string host;
    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
    private string id = "", secret = "";

    /// <param name="listens">Where the worker listens.</param>
    /// <param name="host">The issuer's public address, which a proxy would lead there.</param>
    public PlayWallet(string listens, string host)
    {
        this.host = host;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(listens) };
    }

    public JsonNode? Description { get; private set; }

    public string? Token { get; set; }

    public string? Refresh { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private JsonNode Security => Description!["components"]!["securitySchemes"]!["OAuth2ACG"]!;

    public static JsonObject Metadata() => new()
    {
        ["client_name"] = "Play <Wallet>", ["client_uri"] = "https://wallet.example", ["logo_uri"] = "https://wallet.example/logo.png", ["tos_uri"] = "https://wallet.example/terms", ["policy_uri"] = "https://wallet.example/privacy",
        ["software_id"] = "play-wallet", ["software_version"] = "1.0", ["redirect_uris"] = new JsonArray(Redirect), ["token_endpoint_auth_method"] = "client_secret_basic",
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"), ["response_types"] = new JsonArray("code"),
        ["scope"] = $"{Scope}credential.readonly {Scope}credential.upsert {Scope}profile.readonly",
    };

    public async Task DiscoverAsync()
    {
        (HttpStatusCode status, JsonNode? body, _) = await AskAsync(HttpMethod.Get, "/ims/ob/v3p0/discovery");
        status.ShouldBe(HttpStatusCode.OK);
        Description = body;
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> RegisterAsync(JsonObject metadata)
    {
        (HttpStatusCode status, JsonNode? body, _) = await AskAsync(HttpMethod.Post, PathOf(Security["x-imssf-registrationUrl"]), JsonContent.Create(metadata));
        (id, secret) = (body?["client_id"]?.GetValue<string>() ?? id, body?["client_secret"]?.GetValue<string>() ?? secret);
        return (status, body);
    }

    /// <summary>What a browser is sent to.</summary>
    public Dictionary<string, string> Wish(params string[] scopes) => new()
    {
        ["response_type"] = "code", ["client_id"] = id, ["redirect_uri"] = Redirect, ["state"] = "s-1", ["scope"] = string.Join(' ', scopes),
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), ["code_challenge_method"] = "S256",
    };

    /// <summary>Opens the page, as the learner's browser does.</summary>
    public async Task<(HttpStatusCode Status, string Page, HttpResponseHeaders Headers)> OpenAsync(Dictionary<string, string> wish)
    {
        string query = await new FormUrlEncodedContent(wish).ReadAsStringAsync(Ct);
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, PathOf(Security["flows"]!["authorizationCode"]!["authorizationUrl"]) + "?" + query, null, null);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct), answer.Headers);
    }

    /// <summary>Fills in the form that stands on the page, as the learner does.</summary>
    public async Task<(HttpStatusCode Status, string Page, Uri? Back)> DecideAsync(string page, string code, string decision = "allow")
    {
        Dictionary<string, string> form = Hidden().Matches(page).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        form["claim"] = code;
        form["decision"] = decision;
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, Action().Match(page).Groups["path"].Value, new FormUrlEncodedContent(form), null);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct), answer.Headers.Location);
    }

    public static string Part(Uri back, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query).TryGetValue(name, out var value) ? value.ToString() : "";

    public async Task<(HttpStatusCode Status, JsonNode? Body)> RedeemAsync(string code, string? verifierInstead = null, string redirect = Redirect) => await TokenAsync(new()
    {
        ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifierInstead ?? verifier,
    });

    public async Task<(HttpStatusCode Status, JsonNode? Body)> TokenAsync(Dictionary<string, string> form, string? secretInstead = null)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, PathOf(Security["flows"]!["authorizationCode"]!["tokenUrl"]), new FormUrlEncodedContent(form), Basic(secretInstead));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        JsonNode? body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct));
        if (answer.IsSuccessStatusCode)
        {
            Token = body!["access_token"]!.GetValue<string>();
            Refresh = body["refresh_token"]?.GetValue<string>() ?? Refresh;
        }

        return (answer.StatusCode, body);
    }

    public async Task<HttpStatusCode> RevokeAsync(string token)
    {
        using HttpResponseMessage answer = await SendAsync(
            HttpMethod.Post, PathOf(Security["flows"]!["authorizationCode"]!["x-imssf-revocationUrl"]), new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token }), Basic(null));
        return answer.StatusCode;
    }

    /// <summary>All steps up to a token, with a code of the learner's.</summary>
    public async Task ConnectAsync(string claim, params string[] scopes)
    {
        await DiscoverAsync();
        (await RegisterAsync(Metadata())).Status.ShouldBe(HttpStatusCode.Created);
        (HttpStatusCode status, string page, _) = await OpenAsync(Wish(scopes));
        status.ShouldBe(HttpStatusCode.OK, page);
        (status, page, Uri? back) = await DecideAsync(page, claim);
        status.ShouldBe(HttpStatusCode.SeeOther, page);
        (await RedeemAsync(Part(back!, "code"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Asks the interface, with the token.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> AskAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        HttpResponseMessage answer = await SendAsync(method, path, content, Token is null ? null : new AuthenticationHeaderValue("Bearer", Token));
        string text = await answer.Content.ReadAsStringAsync(Ct);
        JsonNode? body = answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null;
        if (!answer.IsSuccessStatusCode && path.StartsWith("/ims/ob/v3p0", StringComparison.Ordinal) && !path.Contains("/oauth/", StringComparison.Ordinal))
        {
            Schema("imsx_statusinfo").Accepts(body).ShouldBeTrue(text);
        }

        return (answer.StatusCode, body, answer);
    }

    public static SchemaOracle Schema(string name) => new(JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schemas", $"ob_v3p0_{name}_schema.json")))!.AsObject());

    public void Dispose() => http.Dispose();

    private AuthenticationHeaderValue Basic(string? secretInstead) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secretInstead ?? secret)}")));

    private string PathOf(JsonNode? address)
    {
        string text = address!.GetValue<string>();
        text.ShouldStartWith(host + "/");
        return text[host.Length..];
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = new Uri(host).Authority;
        request.Headers.Authorization = authorization;
        return await http.SendAsync(request, Ct);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\">")]
    private static partial Regex Hidden();

    [GeneratedRegex("<form method=\"post\" action=\"(?<path>[^\"]+)\">")]
    private static partial Regex Action();
}
