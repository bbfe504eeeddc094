using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.EndToEnd.Tests.Commands;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace CredSync.EndToEnd.Tests.Pages;

/// <summary>The page of a credential as an employer sees it: in a real browser, wide and narrow, light and dark, by keyboard, and after the credential was revoked.</summary>
public sealed partial class CredentialPageTests : CommandSuite
{
    // Text against what is painted behind it, by the formula of WCAG 2.2 section 1.4.3; gives the texts that are too faint.
    internal const string Faint =
        """
        () => {
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('svg,.skip')).filter(e => {
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05) < 4.5;
          }).map(e => e.textContent.trim().slice(0, 40));
        }
        """;

    [Fact]
    public async Task The_page_of_a_credential_shows_what_was_earned_and_that_it_verifies_on_every_screen()
    {
        Edit("credentials/safety-basics.yaml", "criteria: Complete **SAFETY-101**.", "criteria: |\n  Complete **SAFETY-101**:\n\n  - *all* of its units\n  - the [final test](https://northwind.example/test), <b>not</b> less\n\n  > With 80 % or more.");
        Script.PlayUntil(DateTimeOffset.MaxValue);
        await using WorkerProcess worker = Start("run");
        (string id, string path) = await FirstAsync(worker);
        string address = AddressOf(worker) + path;
        await using Browser browser = await Browser.StartAsync();
        foreach ((int width, bool dark) in ((int, bool)[])[(1200, false), (1200, true), (360, false), (360, true)])
        {
            (IPage page, List<string> complaints) = await browser.OpenAsync(address, width, dark);
            (await page.TitleAsync()).ShouldBe("Safety Basics · Northwind Academy");
            (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).ShouldBe("Safety Basics");
            (await page.GetByLabel("Verification result").InnerTextAsync()).ShouldStartWith("Verified");
            (await page.GetByText("their name is not published").CountAsync()).ShouldBe(1);
            (await page.Locator("section:has(#criteria) li").AllInnerTextsAsync()).ShouldBe(["all of its units", "the final test, <b>not</b> less"]);
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).ShouldBeTrue($"the page is wider than {width}");
            (await page.EvaluateAsync<int>("document.querySelector('img').naturalWidth")).ShouldBeGreaterThan(0);
            (await page.EvaluateAsync<string[]>(Faint)).ShouldBeEmpty();
            (await page.EvaluateAsync<bool>($"getComputedStyle(document.body).backgroundColor {(dark ? "!=" : "==")} 'rgb(244, 245, 247)'")).ShouldBeTrue();
            complaints.ShouldBeEmpty();
            await ReachableByKeyboardAsync(page);
            await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"credential-{(dark ? "dark" : "light")}-{width}.png"), FullPage = true });
        }

        await HoldsNothingPersonalAsync(browser, address);
        (int code, string output, string error) = await RunAsync("revoke", id, "--reason", "Issued in error.");
        code.ShouldBe(0, output + error);
        await UntilAsync(async () => (await PageAsync(address)).Contains("took this credential back", StringComparison.Ordinal), "the page to say that it is revoked", () => worker.Error);
        (IPage revoked, _) = await browser.OpenAsync(address, 1200, dark: false);
        string verdict = await revoked.GetByLabel("Verification result").InnerTextAsync();
        verdict.ShouldStartWith("Revoked");
        verdict.ShouldContain("Issued in error.");
        (await revoked.GetByText("status: The credential was revoked.").CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Every_id_in_a_credential_leads_to_what_it_names_in_the_form_that_is_asked_for()
    {
        Script.PlayUntil(DateTimeOffset.MaxValue);
        await using WorkerProcess worker = Start("run");
        (string _, string path) = await FirstAsync(worker);
        string address = AddressOf(worker);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        JsonElement credential = Json(await http.GetStringAsync(path, Ct));
        foreach (Match id in Addresses().Matches(credential.GetRawText()))
        {
            using HttpResponseMessage found = await http.GetAsync(new Uri(id.Groups["path"].Value is "" ? "/" : id.Groups["path"].Value, UriKind.Relative), Ct);
            ((int)found.StatusCode).ShouldBe(200, id.Value);
        }

        Json(await http.GetStringAsync("/.well-known/did.json", Ct)).GetProperty("id").GetString().ShouldBe(credential.GetProperty("issuer").GetProperty("id").GetString());
        foreach ((string accept, string type) in ((string, string)[])[("text/html,*/*;q=0.8", "text/html"), ("application/ld+json", "application/ld+json"), ("application/vc", "application/vc"), ("image/png", "image/png"), ("image/svg+xml", "image/svg+xml"), ("*/*", "application/vc+ld+json")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using HttpResponseMessage answer = await http.SendAsync(request, Ct);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type, accept);
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
            answer.Headers.Vary.ShouldContain("Accept");
        }

        foreach (string nothing in (string[])["/credentials/AAAAAAAAAAAAAAAAAAAAAA", "/credentials/..%2f..%2fetc", "/status/99", "/status/x", "/achievements/none", "/nothing"])
        {
            ((int)(await http.GetAsync(new Uri(nothing, UriKind.Relative), Ct)).StatusCode).ShouldBe(404, nothing);
        }

        string badge = Path.Combine(Folder, "badge.png");
        await File.WriteAllBytesAsync(badge, await http.GetByteArrayAsync(path + ".png", Ct), Ct);
        (int code, string output, string error) = await RunAsync("verify", badge);
        code.ShouldBe(0, output + error);
    }

    private static async Task ReachableByKeyboardAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("To the content");
        (await page.EvaluateAsync<bool>("document.activeElement.getBoundingClientRect().left >= 0")).ShouldBeTrue();
        var reached = new List<string>();
        int links = await page.EvaluateAsync<int>("document.querySelectorAll('main a').length");
        for (int i = 0; i < links; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
        }

        reached.ShouldAllBe(text => text.Length > 0);
        reached.ShouldContain("Download the credential");
        reached.ShouldContain("Add to LinkedIn");
        (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('h1,h2,h3')].map(h => h.tagName)")).Count(h => h == "H1").ShouldBe(1);
        (await page.EvaluateAsync<int>("[...document.querySelectorAll('img')].filter(i => !i.alt).length + document.querySelectorAll('svg:not([aria-label])').length")).ShouldBe(0);
        (await page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe("en");
    }

    private async Task HoldsNothingPersonalAsync(Browser browser, string address)
    {
        string html = await PageAsync(address);
        foreach (string personal in Script.World.Users.SelectMany(u => (string[])[u.Email, $"{u.FirstName} {u.LastName}", u.IdNumber]).Where(p => p.Trim().Length > 0))
        {
            html.Contains(personal, StringComparison.OrdinalIgnoreCase).ShouldBeFalse(personal);
        }

        (IPage page, _) = await browser.OpenAsync(address, 1200, dark: false);
        string linkedIn = (await page.GetByRole(AriaRole.Link, new() { Name = "Add to LinkedIn" }).GetAttributeAsync("href"))!;
        linkedIn.ShouldStartWith("https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=Safety%20Basics&organizationName=Northwind%20Academy&issueYear=");
        linkedIn.ShouldContain("&certUrl=https%3A%2F%2Fbadges.northwind.example%2Fcredentials%2F");
    }

    private static async Task<string> PageAsync(string address)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return await http.GetStringAsync(address, Ct);
    }

    private async Task<(string Id, string Path)> FirstAsync(WorkerProcess worker)
    {
        (string Id, string Url)? first = null;
        await UntilAsync(
            () =>
            {
                if (File.Exists(Path.Combine(Data, "ledger.db")) && worker.Error.Contains("health/ready", StringComparison.Ordinal))
                {
                    using var ledger = new SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Mode=ReadWrite;Pooling=False");
                    using var journal = new SqliteConnection($"Data Source={Path.Combine(Data, "journal.db")};Mode=ReadWrite;Pooling=False");
                    first = journal.QuerySingle<long>("SELECT count(*) FROM kept_documents WHERE path = '/status/0'") == 0 ? null
                        : ledger.Query<(string, string)>("SELECT issuance_id, public_url FROM issuances WHERE state = 'Issued' AND definition = 'safety-basics' ORDER BY issuance_id").Select(r => ((string, string)?)r).FirstOrDefault();
                }

                return Task.FromResult(first is not null);
            },
            "a published credential",
            () => worker.Error);
        return (first!.Value.Id, new Uri(first.Value.Url).AbsolutePath);
    }

    private static string AddressOf(WorkerProcess worker) => PublicAddress().Match(worker.Error).Groups["address"].Value;

    [GeneratedRegex("public +(?<address>http://[0-9.:]+)")]
    private static partial Regex PublicAddress();

    [GeneratedRegex("\"https://badges\\.northwind\\.example(?<path>[^\"#]*)")]
    private static partial Regex Addresses();
}
