using System.Net;
using System.Net.Http.Json;
using System.Text;
using CredSync.Host.Operations.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Tests.Operations;

/// <summary>Who is let in.</summary>
public sealed class AccessTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    // What a browser needs before anybody has signed in, and what machines look at.
    private static readonly string[] Open =
        ["/health/live", "/health/ready", "/sign-in", "/sign-out", "/_framework/blazor.web.js", "/assets/MudBlazor.min.js", "/assets/MudBlazor.min.css", "/assets/credsync.css", "/assets/credsync.js", "/favicon.svg"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_what_is_named_here_is_open_without_a_sign_in()
    {
        string[] open = [.. world.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<HttpMethodMetadata>() is not null).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Where(p => !p.StartsWith("/api/docs", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        open.Except(Open).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/operate"), InlineData("/operate/sources"), InlineData("/operate/failures"), InlineData("/operate/people"), InlineData("/operate/audit"), InlineData("/nothing"), InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/api/v1/overview"), InlineData("/api/v1/keys"), InlineData("/api/v1/nothing"), InlineData("/api/openapi/v1.json"), InlineData("/api/docs"), InlineData("/metrics")]
    public async Task Nothing_is_shown_without_a_sign_in(string address)
    {
        using HttpClient client = await world.ClientAsync();
        using HttpResponseMessage answer = await client.GetAsync(address, Ct);
        ((int)answer.StatusCode).ShouldBeOneOf(302, 401, 404, 405);
        (answer.StatusCode != HttpStatusCode.Redirect || answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal)).ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldNotContain("Test", Case.Sensitive);
    }

    [Fact]
    public async Task A_one_time_link_lets_in_once()
    {
        using HttpClient client = await world.ClientAsync();
        string link = world.Services.GetRequiredService<OneTimeLinks>().Renew(world.Address.ToString());
        using HttpResponseMessage first = await client.GetAsync(link, Ct);
        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        string cookie = first.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("credsync=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        using HttpResponseMessage second = await client.GetAsync(link, Ct);
        second.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        (await client.GetStringAsync("/operate", Ct)).ShouldContain("Overview");
    }

    [Theory]
    [InlineData("//elsewhere.example"), InlineData("https://elsewhere.example"), InlineData("/\\elsewhere.example")]
    public async Task A_sign_in_leads_to_no_other_site(string to)
    {
        using HttpClient client = await world.ClientAsync();
        string link = world.Services.GetRequiredService<OneTimeLinks>().Renew(world.Address.ToString());
        using HttpResponseMessage answer = await client.GetAsync($"{link}&to={Uri.EscapeDataString(to)}", Ct);
        answer.Headers.Location!.ToString().ShouldBe("/operate");
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_protect_it()
    {
        using HttpClient client = await world.ClientAsync("viewer");
        foreach (string address in new[] { "/operate", "/api/v1/overview", "/sign-in", "/api/v1/nothing" })
        {
            using HttpResponseMessage answer = await client.GetAsync(address, Ct);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self';");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            answer.Headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_session_changes_nothing_for_another_site()
    {
        using HttpClient client = await world.ClientAsync();
        client.DefaultRequestHeaders.Add("Cookie", await world.SignInAsync(client));
        long acts = await world.ActsAsync();
        using HttpResponseMessage without = await client.PutAsJsonAsync("/api/v1/failures/notes", new { cause = "x", note = "y" }, Ct);
        without.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var foreign = new HttpRequestMessage(HttpMethod.Put, "/api/v1/failures/notes") { Content = JsonContent.Create(new { cause = "x", note = "y" }), Headers = { { "Origin", "https://elsewhere.example" }, { "X-CredSync", "1" } } };
        using HttpResponseMessage refused = await client.SendAsync(foreign, Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await world.ActsAsync()).ShouldBe(acts);
        client.DefaultRequestHeaders.Add("X-CredSync", "1");
        using HttpResponseMessage own = await client.PutAsJsonAsync("/api/v1/failures/notes", new { cause = "x", note = "y" }, Ct);
        own.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.ActsAsync()).ShouldBe(acts + 1);
    }

    [Fact]
    public async Task A_name_that_leads_here_by_another_way_is_refused()
    {
        using HttpClient client = await world.ClientAsync("viewer");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/overview") { Headers = { Host = "elsewhere.example" } };
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task A_key_may_what_its_role_and_scope_say_until_it_ends()
    {
        using HttpClient viewer = await world.ClientAsync("viewer");
        using HttpClient sources = await world.ClientAsync("operator", "read", "sources");
        using HttpClient admin = await world.ClientAsync("admin");
        (await StatusAsync(viewer, HttpMethod.Get, "/api/v1/audit")).ShouldBe(200);
        (await StatusAsync(viewer, HttpMethod.Get, "/api/v1/keys")).ShouldBe(403);
        (await StatusAsync(viewer, HttpMethod.Post, "/api/v1/failures/retry", """{ "cause": "x", "why": "y" }""")).ShouldBe(403);
        (await StatusAsync(sources, HttpMethod.Post, "/api/v1/failures/retry", """{ "cause": "x", "why": "y" }""")).ShouldBe(403);
        (await StatusAsync(sources, HttpMethod.Post, "/api/v1/sources/none/pause", "{}")).ShouldBe(404);
        (await StatusAsync(admin, HttpMethod.Get, "/api/v1/keys")).ShouldBe(200);
        string id = (await world.Operators.KeysAsync(Ct)).First(k => k.Role == "viewer" && k.EndedAt is null).Id;
        (await StatusAsync(admin, HttpMethod.Delete, $"/api/v1/keys/{id}")).ShouldBe(204);
        using HttpClient wrong = await world.ClientAsync();
        wrong.DefaultRequestHeaders.Add("Authorization", "Bearer csk_000000000000_wrong");
        (await StatusAsync(wrong, HttpMethod.Get, "/api/v1/audit")).ShouldBe(401);
    }

    [Fact]
    public async Task A_rotated_key_has_the_same_rights_and_the_old_one_ends_later()
    {
        (CredSync.Host.Ledger.Operators.KeyLine old, _) = await world.Keys.MakeAsync("report", "viewer", ["read"], 5, "ada", "", Ct);
        (CredSync.Host.Ledger.Operators.KeyLine made, string secret) = await world.Keys.RotateAsync(old.Id, 30, TimeSpan.FromHours(24), "ada", "", Ct);
        (made.Role, made.Scopes.Single(), made.Name).ShouldBe(("viewer", "read", "report"));
        (await world.Keys.CheckAsync(secret, Ct)).ShouldNotBeNull();
        (await world.Operators.KeyAsync(old.Id, Ct))!.EndedAt.ShouldNotBeNull();
        (await world.Operators.KeyAsync(made.Id, Ct))!.Hash.ShouldNotContain(secret.Split('_', 3)[2]);
    }

    [Fact]
    public async Task What_is_too_long_is_refused_before_it_is_read()
    {
        using HttpClient client = await world.ClientAsync("operator");
        (await StatusAsync(client, HttpMethod.Post, "/api/v1/failures/retry", $$"""{ "why": "{{new string('x', 100_000)}}" }""")).ShouldBe(413);
        (await StatusAsync(client, HttpMethod.Get, "/api/v1/runs?source=" + new string('x', 9000))).ShouldBe(414);
        (await StatusAsync(client, HttpMethod.Get, "/api/v1/runs?source=" + new string('x', 2000))).ShouldBe(400);
        (await StatusAsync(client, HttpMethod.Get, "/api/v1/runs?limit=100000")).ShouldBe(400);
        (await StatusAsync(client, HttpMethod.Get, "/api/v1/issuances?after=nonsense")).ShouldBe(400);
    }

    private static async Task<int> StatusAsync(HttpClient client, HttpMethod method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        return (int)answer.StatusCode;
    }
}
