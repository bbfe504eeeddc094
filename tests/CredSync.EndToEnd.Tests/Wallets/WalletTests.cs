using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using CredSync.EndToEnd.Tests.Commands;
using CredSync.EndToEnd.Tests.Pages;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using Microsoft.Playwright;

namespace CredSync.EndToEnd.Tests.Wallets;

/// <summary>A learner's wallet collects from a real worker, knowing nothing but the specification.</summary>
public sealed partial class WalletTests : CommandSuite
{
    private const string Public = "https://badges.northwind.example";
    private const string Read = PlayWallet.Scope + "credential.readonly", Upsert = PlayWallet.Scope + "credential.upsert", Profile = PlayWallet.Scope + "profile.readonly";

    private WorkerProcess? worker;

    [Fact]
    public async Task A_learners_wallet_collects_pages_refreshes_and_is_ended()
    {
        (string subject, string email, int held) = await BeginAsync();
        await using WorkerProcess running = worker!;
        using PlayWallet wallet = await WalletAsync();
        await wallet.DiscoverAsync();
        wallet.Description!["info"]!["x-imssf-privacyPolicyUrl"]!.GetValue<string>().ShouldBe(Public + "/");
        wallet.Description["paths"]!.AsObject().Select(p => p.Key).ShouldBe(["/discovery", "/credentials", "/profile"]);
        (HttpStatusCode status, JsonNode? body) = await wallet.RegisterAsync(PlayWallet.Metadata());
        (status, body!["client_secret_expires_at"]!.GetValue<int>(), body["redirect_uris"]![0]!.GetValue<string>()).ShouldBe((HttpStatusCode.Created, 0, PlayWallet.Redirect));

        // The learner decides, with a code from an operator.
        string claim = await ClaimAsync(email);
        (status, string page, HttpResponseHeaders headers) = await wallet.OpenAsync(wallet.Wish(Read, Profile, "offline_access"));
        status.ShouldBe(HttpStatusCode.OK, page);
        page.ShouldContain("Play &lt;Wallet&gt;");
        headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' https://wallet.example; frame-ancestors 'none'");
        (await wallet.DecideAsync(page, "2222-2222-2222-2222")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (status, page, Uri? back) = await wallet.DecideAsync(page, claim.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        (status, PlayWallet.Part(back!, "state")).ShouldBe((HttpStatusCode.SeeOther, "s-1"), page);
        back!.ToString().ShouldStartWith(PlayWallet.Redirect + "?");
        (status, body) = await wallet.RedeemAsync(PlayWallet.Part(back, "code"));
        (status, body!["token_type"]!.GetValue<string>(), body["expires_in"]!.GetValue<int>()).ShouldBe((HttpStatusCode.OK, "Bearer", 3600));

        // All of it, then page by page, then only what is newer.
        JsonNode all = await ListAsync(wallet, "", held, held);
        PlayWallet.Schema("getopenbadgecredentialsresponse").Accepts(all).ShouldBeTrue();
        var seen = new List<string>();
        for (string? next = "?limit=2"; next is not null;)
        {
            (_, JsonNode? part, HttpResponseMessage answer) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials" + next);
            seen.AddRange(part!["credential"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()));
            next = Next().Match(string.Join(", ", answer.Headers.GetValues("Link"))) is { Success: true } link ? link.Groups["query"].Value : null;
        }

        seen.ShouldBe(all["credential"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()));
        string newest = all["credential"]!.AsArray().Max(c => c!["validFrom"]!.GetValue<string>())!;
        await ListAsync(wallet, $"?since={newest}", 0, 0);
        await ListAsync(wallet, $"?since={Uri.EscapeDataString(DateTimeOffset.Parse(newest, CultureInfo.InvariantCulture).AddYears(-9).ToOffset(TimeSpan.FromHours(2)).ToString("O", CultureInfo.InvariantCulture))}", held, held);
        await VerifyAsync(all["credential"]![0]!);

        (_, JsonNode? profile, _) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/profile");
        PlayWallet.Schema("profile").Accepts(profile).ShouldBeTrue(profile!.ToJsonString());
        (profile["id"]!.GetValue<string>(), profile["email"]!.GetValue<string>()).ShouldBe((all["credential"]![0]!["credentialSubject"]!["id"]!.GetValue<string>(), email));

        // What was not allowed, and what is not served.
        (status, _, _) = await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", Body(all["credential"]![0]!));
        status.ShouldBe(HttpStatusCode.Forbidden);
        (status, body, _) = await wallet.AskAsync(HttpMethod.Put, "/ims/ob/v3p0/profile", Body(profile));
        (status, Minor(body)).ShouldBe((HttpStatusCode.MethodNotAllowed, "not_allowed"));
        foreach (string query in (string[])["?limit=0", "?limit=-1", "?limit=x", "?offset=-1", "?since=yesterday", "?since="])
        {
            (status, body, _) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials" + query);
            (status, Minor(body)).ShouldBe((HttpStatusCode.BadRequest, "invalid_query_parameter"), query);
        }

        // A fresh token for an old one; a token given back; all ended by the operator.
        string first = wallet.Token!;
        (await wallet.TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = wallet.Refresh!, ["scope"] = Read })).Status.ShouldBe(HttpStatusCode.OK);
        (await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/profile")).Status.ShouldBe(HttpStatusCode.Forbidden);
        await ListAsync(wallet, "", held, held);
        (await wallet.RevokeAsync(first)).ShouldBe(HttpStatusCode.OK);
        (await wallet.RevokeAsync("none at all")).ShouldBe(HttpStatusCode.OK);
        string fresh = wallet.Token!;
        wallet.Token = first;
        (await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        wallet.Token = fresh;
        (int code, string output, string error) = await RunAsync("claim", subject, "--end", "--why", "the phone was lost");
        code.ShouldBe(0, output + error);
        (status, body, HttpResponseMessage refused) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials");
        (status, Minor(body), refused.Headers.WwwAuthenticate.ToString().Contains("invalid_token", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Unauthorized, "unauthorizedrequest", true));
        (await wallet.TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = wallet.Refresh! })).Status.ShouldBe(HttpStatusCode.BadRequest);

        // Nothing of it tells who it was about, and no secret is kept.
        (await worker!.StopAsync(Ct)).ShouldBe(0, worker.Error);
        (worker.Output + worker.Error).ShouldNotContain(email, Case.Insensitive);
        foreach (string secret in (string[])[claim, claim.Replace("-", "", StringComparison.Ordinal), first, fresh, wallet.Refresh!])
        {
            Directory.EnumerateFiles(Data, "ledger.db*").ShouldAllBe(f => !Encoding.Latin1.GetString(File.ReadAllBytes(f)).Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_wallet_hands_in_only_what_verifies_and_is_the_learners()
    {
        (_, string email, int held) = await BeginAsync();
        await using WorkerProcess running = worker!;
        using PlayWallet wallet = await WalletAsync();
        await wallet.ConnectAsync(await ClaimAsync(email), Read, Upsert);
        using SigningKey key = SigningKey.Create(KeyAlgorithm.Ed25519);
        JsonObject mine = Foreign(key, email, "https://elsewhere.example/1", 2025);
        (HttpStatusCode status, JsonNode? body, _) = await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", Body(mine));
        (status, JsonNode.DeepEquals(body, mine)).ShouldBe((HttpStatusCode.Created, true), body?.ToJsonString());
        (await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", Body(mine))).Status.ShouldBe(HttpStatusCode.OK);
        JsonObject newer = Foreign(key, email.ToUpperInvariant(), "https://elsewhere.example/1", 2026);
        (await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", Body(newer))).Status.ShouldBe(HttpStatusCode.OK);
        JsonNode all = await ListAsync(wallet, "", held + 1, held + 1);
        JsonNode.DeepEquals(all["credential"]![held], newer).ShouldBeTrue();

        // A token goes the same way.
        using SigningKey p256 = SigningKey.Create(KeyAlgorithm.P256);
        string token = VcJwt.Sign(Draft($"did:key:{p256.PublicMultibase}", email, "https://elsewhere.example/2", 2025).ToJson(), p256, $"did:key:{p256.PublicMultibase}#{p256.PublicMultibase}");
        (status, _, HttpResponseMessage answer) = await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", new StringContent(token, Encoding.ASCII, "text/plain"));
        (status, await answer.Content.ReadAsStringAsync(Ct)).ShouldBe((HttpStatusCode.Created, token));
        (_, JsonNode? both, _) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials");
        both!["compactJwsString"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe([token]);

        JsonNode own = all["credential"]![0]!;
        foreach (string written in (string[])[own.ToJsonString(), own.ToJsonString(new() { WriteIndented = true }), own.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), Escaped(own.ToJsonString())])
        {
            (status, body, _) = await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", new StringContent(written, Encoding.UTF8, "application/vc+ld+json"));
            status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        }

        JsonObject changed = own.DeepClone().AsObject();
        changed["name"] = "Emperor";
        JsonObject forged = Foreign(key, email, "https://elsewhere.example/3", 2025);
        forged["name"] = "Emperor";
        (string What, HttpContent Body)[] refused =
        [
            ("an older version", Body(mine)), ("somebody else's", Body(Foreign(key, "grace@elsewhere.example", "https://elsewhere.example/4", 2025))), ("a changed one", Body(forged)), ("a changed one of ours", Body(changed)),
            ("no credential", Body(new JsonObject { ["id"] = "x" })), ("no JSON", new StringContent("{", Encoding.UTF8, "application/json")), ("no token", new StringContent("a.b", Encoding.UTF8, "text/plain")),
            ("a picture", new StringContent("x", Encoding.UTF8, "image/png")), ("too much", new StringContent(new string('x', 300_000), Encoding.UTF8, "application/json")),
            ("too deep", new StringContent(new string('[', 5000) + new string(']', 5000), Encoding.UTF8, "application/json")),
        ];
        foreach ((string what, HttpContent content) in refused)
        {
            (status, body, _) = await wallet.AskAsync(HttpMethod.Post, "/ims/ob/v3p0/credentials", content);
            (status, Minor(body)).ShouldBe((HttpStatusCode.BadRequest, "invalid_data"), what);
            body!.ToJsonString().ShouldNotContain(email, Case.Insensitive);
        }

        (_, both, _) = await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials");
        both!["credential"]!.AsArray().Count.ShouldBe(held + 1);
    }

    [Fact]
    public async Task Registration_consent_and_tokens_refuse_what_is_not_in_order()
    {
        (_, string email, _) = await BeginAsync();
        await using WorkerProcess running = worker!;
        using PlayWallet wallet = await WalletAsync();
        await wallet.DiscoverAsync();
        foreach ((string name, JsonNode? value) in ((string, JsonNode?)[])[
            ("client_name", null), ("scope", "everything"), ("logo_uri", "http://wallet.example/logo.png"), ("tos_uri", "https://elsewhere.example/terms"), ("redirect_uris", new JsonArray()),
            ("redirect_uris", new JsonArray("http://wallet.example/back")), ("redirect_uris", new JsonArray("https://wallet.example/back#here")), ("redirect_uris", "https://wallet.example/back"),
            ("token_endpoint_auth_method", "none"), ("grant_types", new JsonArray("client_credentials")), ("software_version", new string('1', 2000))])
        {
            JsonObject metadata = PlayWallet.Metadata();
            metadata[name] = value;
            (HttpStatusCode wrong, JsonNode? why) = await wallet.RegisterAsync(metadata);
            (wrong, why!["error"]!.GetValue<string>()).ShouldBeOneOf((HttpStatusCode.BadRequest, "invalid_client_metadata"), (HttpStatusCode.BadRequest, "invalid_redirect_uri"));
        }

        (await wallet.RegisterAsync(PlayWallet.Metadata())).Status.ShouldBe(HttpStatusCode.Created);

        // To a stranger's address nobody is sent; to the wallet's, what was wrong is told there.
        foreach ((string name, string value) in ((string, string)[])[("redirect_uri", "https://wallet.example/else"), ("redirect_uri", ""), ("client_id", "nobody")])
        {
            Dictionary<string, string> wish = wallet.Wish(Read);
            wish[name] = value;
            (HttpStatusCode asked, _, HttpResponseHeaders headers) = await wallet.OpenAsync(wish);
            (asked, headers.Location).ShouldBe((HttpStatusCode.BadRequest, null), name);
        }

        foreach ((string name, string value, string error) in ((string, string, string)[])[
            ("response_type", "token", "unsupported_response_type"), ("scope", "", "invalid_scope"), ("scope", "offline_access", "invalid_scope"), ("scope", PlayWallet.Scope + "profile.update", "invalid_scope"),
            ("state", "", "invalid_request"), ("code_challenge", "short", "invalid_request"), ("code_challenge_method", "plain", "invalid_request")])
        {
            Dictionary<string, string> wish = wallet.Wish(Read);
            wish[name] = value;
            (HttpStatusCode asked, _, HttpResponseHeaders headers) = await wallet.OpenAsync(wish);
            (asked, PlayWallet.Part(headers.Location!, "error")).ShouldBe((HttpStatusCode.SeeOther, error), name + value);
        }

        // The learner refuses; the code is still good, once.
        string claim = await ClaimAsync(email);
        (_, string page, _) = await wallet.OpenAsync(wallet.Wish(Read, "offline_access"));
        PlayWallet.Part((await wallet.DecideAsync(page, claim, "refuse")).Back!, "error").ShouldBe("access_denied");
        string code = PlayWallet.Part((await wallet.DecideAsync(page, claim)).Back!, "code");
        (await wallet.DecideAsync(page, claim)).Status.ShouldBe(HttpStatusCode.Forbidden);

        // A code is good for its wallet alone, with the answer to its challenge, once; shown twice, it ends what came of it.
        (HttpStatusCode status, JsonNode? body) = await wallet.RedeemAsync(code, verifierInstead: new string('a', 43));
        (status, body!["error"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "invalid_grant"));
        (await wallet.RedeemAsync(code, redirect: "https://wallet.example/else")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (status, body) = await wallet.TokenAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code }, secretInstead: "wrong");
        (status, body!["error"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Unauthorized, "invalid_client"));
        (status, body) = await wallet.TokenAsync(new() { ["grant_type"] = "client_credentials" });
        body!["error"]!.GetValue<string>().ShouldBe("unsupported_grant_type");
        using (PlayWallet thief = await WalletAsync())
        {
            await thief.DiscoverAsync();
            await thief.RegisterAsync(PlayWallet.Metadata());
            (await thief.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await wallet.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
        (await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials")).Status.ShouldBe(HttpStatusCode.OK);
        string token = wallet.Token!;
        (await wallet.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.BadRequest);
        wallet.Token = token;
        (await wallet.AskAsync(HttpMethod.Get, "/ims/ob/v3p0/credentials")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await wallet.TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = wallet.Refresh! })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_learner_allows_a_wallet_in_a_browser()
    {
        (_, string email, _) = await BeginAsync();
        await using WorkerProcess running = worker!;
        using PlayWallet wallet = await WalletAsync();
        await wallet.DiscoverAsync();
        await wallet.RegisterAsync(PlayWallet.Metadata());
        string claim = await ClaimAsync(email);
        string address = PublicAddress().Match(worker!.Error).Groups["address"].Value + "/ims/ob/v3p0/oauth/authorize?" + await new FormUrlEncodedContent(wallet.Wish(Read, Profile, "offline_access")).ReadAsStringAsync(Ct);
        await using Browser browser = await Browser.StartAsync();
        foreach ((int width, bool dark) in ((int, bool)[])[(1200, false), (360, true)])
        {
            (IPage page, List<string> complaints) = await browser.OpenAsync(address, width, dark);
            (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).ShouldBe("Let Play <Wallet> collect your credentials?");
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).ShouldBeTrue($"the page is wider than {width}");
            (await page.EvaluateAsync<string[]>(CredentialPageTests.Faint)).ShouldBeEmpty();
            complaints.ShouldBeEmpty();
            await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"consent-{(dark ? "dark" : "light")}-{width}.png"), FullPage = true });

            // By keyboard alone: the field is the first stop, Enter allows.
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("claim");
            await page.Keyboard.TypeAsync("WRONG");
            await page.Keyboard.PressAsync("Enter");
            await page.GetByRole(AriaRole.Alert).WaitForAsync();
            if (!dark)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", "consent-wrong.png"), FullPage = true });
                continue;
            }

            await page.GetByLabel("Your code").FillAsync(claim);

            // The wallet's own page is nowhere; that the browser was let go there is what counts.
            IRequest back = await page.RunAndWaitForRequestAsync(() => page.Keyboard.PressAsync("Enter"), request => request.Url.StartsWith(PlayWallet.Redirect, StringComparison.Ordinal));
            (await wallet.RedeemAsync(PlayWallet.Part(new Uri(back.Url), "code"))).Status.ShouldBe(HttpStatusCode.OK);
        }
    }
}
