using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CredSync.Host.Tests.Operations;

/// <summary>Sign-in by OpenID Connect, against a play provider over real HTTP: discovery, authorisation code with PKCE, roles by groups, sign-out.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private readonly OperationsWorld world = new();
    private readonly PlayProvider provider = new();
    private PlayServer server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await PlayServer.StartAsync(provider.Map, HttpProtocols.Http1, Ct);
        provider.Address = server.Address;
        world.More["Operations:OpenId:Authority"] = server.Address;
        await world.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await server.DisposeAsync();
        provider.Dispose();
    }

    [Theory]
    [InlineData("credsync-viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden), InlineData("credsync-operator", HttpStatusCode.OK, HttpStatusCode.NotFound)]
    public async Task Somebody_with_a_group_is_let_in_with_its_role_and_no_other(string group, HttpStatusCode reads, HttpStatusCode changes)
    {
        provider.Groups = [group, "something-else"];
        using HttpClient browser = Browser();
        (await browser.GetStringAsync("/operate", Ct)).ShouldContain("CredSync");
        provider.Asked.ShouldContain("code_challenge_method=S256");
        (await browser.GetAsync("/api/v1/overview", Ct)).StatusCode.ShouldBe(reads);
        using var act = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs/999/pause") { Content = new StringContent("{\"why\":\"x\"}", Encoding.UTF8, "application/json") };
        act.Headers.Add(CredSync.Host.Operations.Access.Shield.ChangeHeader, "1");
        (await browser.SendAsync(act, Ct)).StatusCode.ShouldBe(changes);
        (await world.Operators.ActsAsync("dashboard", "ada", "sign-in", null, 5, Ct)).Items.Single().Detail.ShouldContain(group["credsync-".Length..]);
    }

    [Fact]
    public async Task Somebody_without_a_group_is_told_so_and_sees_nothing()
    {
        provider.Groups = ["somebody-else"];
        using HttpClient browser = Browser();
        HttpResponseMessage page = await browser.GetAsync("/operate", Ct);
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await page.Content.ReadAsStringAsync(Ct)).ShouldContain("no role here");
        (await browser.GetAsync("/api/v1/overview", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_code_without_its_verifier_is_worth_nothing_and_a_foreign_answer_lets_nobody_in()
    {
        using HttpClient browser = Browser();
        (await browser.GetAsync("/openid?code=stolen&state=made-up", Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        provider.Groups = ["credsync-admin"];
        provider.SpoilsChallenge = true;
        (await browser.GetAsync("/operate", Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        provider.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_sign_out_ends_the_session_here_and_at_the_provider_and_nobody_is_signed_in_again_unasked()
    {
        provider.Groups = ["credsync-admin"];
        using HttpClient browser = Browser();
        await browser.GetStringAsync("/operate", Ct);
        (await browser.GetAsync("/operate", Ct)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"form-action 'self' {provider.Address};");
        HttpResponseMessage left = await browser.PostAsync("/sign-out", null, Ct);
        (await left.Content.ReadAsStringAsync(Ct)).ShouldContain("You are signed out.");
        provider.Ended.ShouldContain("client_id=credsync");
        (await browser.GetAsync("/api/v1/overview", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private HttpClient Browser() => new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = world.Address };

    /// <summary>A provider as small as it can be.</summary>
    private sealed class PlayProvider : IDisposable
    {
        private readonly RSA key = RSA.Create(2048);
        private readonly ConcurrentDictionary<string, (string Challenge, string Nonce)> codes = new();

        public string Address { get; set; } = "";

        public string[] Groups { get; set; } = [];

        public bool SpoilsChallenge { get; set; }

        public string Asked { get; private set; } = "";

        public string Ended { get; private set; } = "";

        public int Refused { get; private set; }

        public void Dispose() => key.Dispose();

        public void Map(WebApplication app)
        {
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
            {
                ["issuer"] = Address, ["authorization_endpoint"] = $"{Address}/authorize", ["token_endpoint"] = $"{Address}/token", ["jwks_uri"] = $"{Address}/keys", ["end_session_endpoint"] = $"{Address}/end",
                ["response_types_supported"] = new[] { "code" }, ["id_token_signing_alg_values_supported"] = new[] { "RS256" }, ["subject_types_supported"] = new[] { "public" },
            }));
            app.MapGet("/keys", () =>
            {
                RSAParameters open = key.ExportParameters(false);
                return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "play", alg = "RS256", n = Base64UrlTextEncoder.Encode(open.Modulus!), e = Base64UrlTextEncoder.Encode(open.Exponent!) } } });
            });
            app.MapGet("/authorize", (HttpRequest request) =>
            {
                Asked = request.QueryString.Value!;
                string code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
                codes[code] = (SpoilsChallenge ? "spoilt" : request.Query["code_challenge"].ToString(), request.Query["nonce"].ToString());
                return Results.Redirect(QueryHelpers.AddQueryString(request.Query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = code, ["state"] = request.Query["state"] }));
            });
            app.MapPost("/token", async (HttpRequest request) =>
            {
                IFormCollection form = await request.ReadFormAsync(Ct);
                string verified = Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
                if (!codes.TryRemove(form["code"].ToString(), out (string Challenge, string Nonce) asked) || asked.Challenge != verified)
                {
                    Refused++;
                    return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
                }

                var identity = new ClaimsIdentity([new Claim("sub", "u-1"), new Claim("preferred_username", "ada"), new Claim("nonce", asked.Nonce), .. Groups.Select(g => new Claim("roles", g))]);
                string token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = Address, Audience = "credsync", Subject = identity, Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
                    SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = "play" }, SecurityAlgorithms.RsaSha256),
                });
                return Results.Json(new { access_token = "opaque", token_type = "Bearer", expires_in = 300, id_token = token });
            });
            app.MapGet("/end", (HttpRequest request) =>
            {
                Ended = request.QueryString.Value!;
                return Results.Redirect(QueryHelpers.AddQueryString(request.Query["post_logout_redirect_uri"].ToString(), "state", request.Query["state"].ToString()));
            });
        }
    }
}
