using System.Text.RegularExpressions;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CredSync.EndToEnd.Tests.Dashboard;

/// <summary>The questions of an operator, asked in a real browser: is anything wrong, how many, show me one, mend it small first, did it work, who did what.</summary>
public sealed class SixQuestionsTests
{
    private static readonly string[] Screens =
        ["", "/sources", "/sources/play", "/failures", "/failures/issuer-template-archived", "/failures/row-malformed", "/holds", "/people", "/credentials", "/credentials/safety", "/issuers", "/jobs", "/jobs/1", "/jobs/2", "/audit", "/issuances", "/completions", "/runbook"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_finds_a_broken_issuer_retries_one_mends_it_retries_all_and_reads_who_did_it()
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker();
        await worker.StartAsync(Ct);
        IPage page = await browser.PageAsync(1300, ColorScheme.Light);

        // Is anything wrong now?
        await page.GotoAsync(worker.Link);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Something wants a look" })).ToBeVisibleAsync();
        ILocator tile = page.Locator("a.tile[href='/operate/failures']");
        await Expect(tile).ToContainTextAsync($"{PlayWorker.Learners + 1}");

        // Since when, how many, whose fault?
        await tile.ClickAsync();
        ILocator card = page.Locator("section.card", new() { HasText = "issuer-template-archived" });
        await Expect(card).ToContainTextAsync("the issuer's administrators");
        await Expect(card.Locator("dd b").First).ToHaveTextAsync($"{PlayWorker.Learners}");

        // Show me one.
        await card.GetByRole(AriaRole.Link, new() { Name = "issuer-template-archived" }).ClickAsync();
        await Expect(page.Locator("table.list tbody tr")).ToHaveCountAsync(PlayWorker.Learners);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeDisabledAsync();
        await Expect(page.GetByText("Say why first.").First).ToBeVisibleAsync();

        // Fix it, small first: while it is broken, one retry fails and says so.
        await RetryAsync(page, "1", "is it still broken?");
        await Expect(page.GetByText(new Regex("Job 1"))).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("p", new() { HasText = "Job 1:" })).ToContainTextAsync("1 failed");

        worker.State.Broken = false;
        await RetryAsync(page, "1", "the template is back");
        await Expect(page.Locator("p", new() { HasText = "Job 2:" })).ToContainTextAsync("1 succeeded");
        await RetryAsync(page, "all", "one went well");

        // Did it work?
        await Expect(page.Locator("p", new() { HasText = "Job 3:" })).ToContainTextAsync($"{PlayWorker.Learners - 1} succeeded");
        await page.GotoAsync(Root(worker) + "/failures");
        await Expect(page.Locator("section.card", new() { HasText = "issuer-template-archived" })).ToHaveCountAsync(0);
        (await worker.Ledger.IssuancesInStateAsync(IssuanceState.Issued, 100, Ct)).Count.ShouldBe(PlayWorker.Learners);

        // Who did what?
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Expect(page.Locator("table.list tbody tr", new() { HasText = "one went well" })).ToContainTextAsync(Environment.UserName);
        await Expect(page.Locator("table.list tbody tr", new() { HasText = "the template is back" })).ToBeVisibleAsync();
        browser.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_new_finds_out_why_a_learner_has_no_badge()
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker { State = { Broken = false } };
        await worker.StartAsync(Ct);
        await ArrivedAsync(worker);
        IPage page = await browser.PageAsync(1300, ColorScheme.Dark);
        await page.GotoAsync(worker.Link);

        await page.GetByRole(AriaRole.Link, new() { Name = "People" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Find a person" })).ToBeFocusedAsync();
        await page.GetByLabel("E-mail address").FillAsync("learner99@northwind.example");
        await page.Keyboard.PressAsync("Enter");
        ILocator card = page.Locator("section.card", new() { HasText = "safety" });
        await Expect(card).ToContainTextAsync("not earned");
        await Expect(card).ToContainTextAsync("SAFETY");
        page.Url.ShouldNotContain("learner99");
        await Expect(page).ToHaveTitleAsync("Person · CredSync");
        (await page.ContentAsync()).ShouldNotContain("learner99@northwind.example");
        browser.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1300, ColorScheme.Light), InlineData(420, ColorScheme.Dark), InlineData(1300, ColorScheme.Dark), InlineData(420, ColorScheme.Light)]
    public async Task Hostile_texts_are_inert_on_every_screen_nothing_runs_over_its_edge_and_everybody_can_read_it(int width, ColorScheme look)
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker();
        await worker.StartAsync(Ct);
        await RefusedAsync(worker);
        await worker.BeginJobsAsync(Ct);
        IPage page = await browser.PageAsync(width, look);
        await page.GotoAsync(worker.Link);
        string axe = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Dashboard", "axe", "axe.min.js"), Ct);
        string[] screens = [.. Screens, $"/people/{(await worker.Ledger.FindPeopleAsync("P1", Ct)).Single().Subject}", $"/issuances/{(await worker.Ledger.IssuancesInStateAsync(IssuanceState.Refused, 1, Ct)).Single().Id}"];
        var violated = new List<string>();
        foreach (string screen in screens)
        {
            await page.GotoAsync(Root(worker) + screen);
            await Expect(page.Locator("main h1")).ToBeVisibleAsync();
            await LiveAsync(page);
            await Expect(page.Locator(look == ColorScheme.Dark ? ".mud-layout.dark" : ".mud-layout.light")).ToHaveCountAsync(1);
            (await page.EvaluateAsync<bool>("() => window.hacked === undefined && document.querySelector('img[src=x]') === null")).ShouldBeTrue(screen);
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(1, $"{screen} is wider than {width}");
            await Expect(page).ToHaveTitleAsync(new Regex("· CredSync$"));
            (await page.EvaluateAsync<string[]>(Unlabelled)).ShouldBeEmpty(screen);
            await page.EvaluateAsync(axe);
            violated.AddRange((await page.EvaluateAsync<string[]>(Violated)).Select(v => $"{screen} {v}"));
            if (Environment.GetEnvironmentVariable("CREDSYNC_SCREENSHOTS") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                string name = screen.Length == 0 ? "overview" : Regex.Replace(screen[1..], "[0-9a-f]{8}-[0-9a-f-]+", "id").Replace('/', '-');
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{look}.png"), FullPage = true });
            }
        }

        violated.ShouldBeEmpty();
        (await page.ContentAsync()).ShouldContain("&lt;img src=x");
        browser.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_screen_that_there_is_stands_in_the_list_of_those_that_are_looked_at()
    {
        string[] routes = [.. typeof(CredSync.Host.Operations.Dashboard.LivePage).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes(typeof(Microsoft.AspNetCore.Components.RouteAttribute), false))
            .Cast<Microsoft.AspNetCore.Components.RouteAttribute>().Select(r => r.Template).Where(r => r.StartsWith("/operate", StringComparison.Ordinal) && r != "/operate/nothing-here").Distinct(StringComparer.Ordinal)];
        routes.Length.ShouldBeGreaterThan(14);
        foreach (string route in routes)
        {
            var shape = new Regex("^" + Regex.Replace(Regex.Escape(route["/operate".Length..]), @"\\\{[^}]*\}", "[^/]+") + "$");
            Screens.Append("/people/x").Append("/issuances/x").Any(s => shape.IsMatch(s)).ShouldBeTrue($"{route} is not looked at");
        }
    }

    [Fact]
    public async Task Everything_is_reached_and_done_by_keyboard_alone()
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker();
        await worker.StartAsync(Ct);
        await RefusedAsync(worker);
        IPage page = await browser.PageAsync(1300, ColorScheme.Light);
        await page.GotoAsync(worker.Link);
        await page.GotoAsync(Root(worker) + "/failures/issuer-template-archived");
        await LiveAsync(page);

        // The first key leads to the content, past the menu.
        (await TabAsync(page)).ShouldBe("Skip to the content");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#content")).ToBeFocusedAsync();
        await TabToAsync(page, "How many");
        await TabToAsync(page, "Why, for the audit");
        await page.Keyboard.TypeAsync("is it still broken?");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeEnabledAsync();
        await TabToAsync(page, "Retry");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".said")).ToContainTextAsync("is under way");
        await page.GotoAsync(Root(worker) + "/jobs");
        await LiveAsync(page);
        await TabToAsync(page, "Jobs");
        await TabToAsync(page, "Begin");

        // A screen that takes another's place begins at its heading.
        await page.Keyboard.PressAsync("Shift+Tab");
        await TabToAsync(page, "Audit", back: true);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Audit" })).ToBeFocusedAsync();
        browser.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_drawn_before_the_screen_is_live_takes_no_focus_and_no_click_that_would_be_lost()
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker();
        await worker.StartAsync(Ct);
        await RefusedAsync(worker);
        IPage page = await browser.PageAsync(1300, ColorScheme.Light);
        await page.GotoAsync(worker.Link);
        await LiveAsync(page);

        // The script that makes it live is held back as long as we like.
        var live = new TaskCompletionSource();
        await page.RouteAsync("**/_framework/blazor.web.js", async route =>
        {
            await live.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Ct);
            await route.ContinueAsync();
        });
        await page.GotoAsync(Root(worker) + "/failures/issuer-template-archived", new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await Expect(page.GetByText("archived; bring it back").First).ToBeVisibleAsync();
        await Expect(page.Locator(".screen")).ToHaveAttributeAsync("inert", "");
        foreach (int _ in Enumerable.Range(0, 3))
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<string>("() => document.activeElement.tagName")).ShouldBe("BODY");
        }

        Task clicked = page.GetByLabel("Why, for the audit").ClickAsync();
        live.SetResult();
        await clicked;
        await page.Keyboard.TypeAsync("nothing of this is lost");
        await Expect(page.GetByLabel("Why, for the audit")).ToHaveValueAsync("nothing of this is lost");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeEnabledAsync();
        browser.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task For_a_tab_that_nobody_sees_nothing_is_read_and_it_catches_up_when_it_is_seen_again()
    {
        await using Browser browser = await Browser.StartAsync();
        await using var worker = new PlayWorker();
        await worker.StartAsync(Ct);
        IPage seen = await browser.PageAsync(1300, ColorScheme.Light);
        await seen.GotoAsync(worker.Link);
        await seen.GotoAsync(Root(worker) + "/audit");
        await LiveAsync(seen);
        IPage hidden = await seen.Context.NewPageAsync();
        await hidden.GotoAsync(Root(worker) + "/audit");
        await LiveAsync(hidden);
        await ActAsync("before");
        await Expect(Line(hidden, "before")).ToBeVisibleAsync();

        // What the browser tells is taken in order, so when the look has changed the worker knows that nobody sees this tab.
        await ShowAsync(hidden, false);
        await hidden.GetByLabel("Dark look").ClickAsync();
        await Expect(hidden.Locator(".mud-layout.dark")).ToHaveCountAsync(1);

        // A look that had begun may still show the first; each of the others is shown to whoever looks after one more round.
        foreach (string act in new[] { "first", "second", "third" })
        {
            await ActAsync(act);
            await Expect(Line(seen, act)).ToBeVisibleAsync();
        }

        await Expect(Line(hidden, "second")).ToHaveCountAsync(0);
        await Expect(Line(hidden, "third")).ToHaveCountAsync(0);
        await ShowAsync(hidden, true);
        await Expect(Line(hidden, "third")).ToBeVisibleAsync();
        browser.Faults.ShouldBeEmpty();

        Task ActAsync(string why) => worker.Operators.RecordAsync(new Act("tester", "note", "nothing", why, "for a test"), Ct);

        static ILocator Line(IPage page, string why) => page.Locator("table.list tbody tr", new() { HasText = why });

        // Chromium without a window takes every tab for seen, so the page is told as the browser would tell it.
        static Task ShowAsync(IPage page, bool isSeen) => page.EvaluateAsync(
            "isSeen => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => !isSeen }); document.dispatchEvent(new Event('visibilitychange')); }", isSeen);
    }

    // What is drawn is live when its connection stands; before that nothing in it takes the focus.
    private static Task LiveAsync(IPage page) => Expect(page.Locator(".screen:not([inert])")).ToHaveCountAsync(1);

    // Goes on with Tab until what has the focus has a name, and shows that it has the focus.
    private static async Task TabToAsync(IPage page, string name, bool back = false)
    {
        for (int i = 0; i < 120; i++)
        {
            if (await TabAsync(page, back) == name)
            {
                return;
            }
        }

        Assert.Fail($"'{name}' cannot be reached by Tab.");
    }

    // What has the focus after one more Tab; it is seen that it has it.
    private static async Task<string> TabAsync(IPage page, bool back = false)
    {
        await page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        string[] found = await page.EvaluateAsync<string[]>(Focused);
        if (found[0].Length > 0)
        {
            found[1].ShouldBe("seen", $"the focus on '{found[0]}'");
        }

        return found[0];
    }

    private const string Focused =
        """
        () => {
          const e = document.activeElement, s = getComputedStyle(e);
          const name = e.tagName === 'H1' || e.tagName === 'BODY' ? '' : (e.closest('label')?.firstChild?.textContent ?? e.getAttribute('aria-label') ?? e.textContent ?? '').trim();
          return [name, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? 'seen' : `${s.outlineStyle} ${s.outlineWidth}`];
        }
        """;

    // What axe finds against WCAG 2.1 A and AA, contrast included.
    private const string Violated =
        """
        async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })).violations
          .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)} ${n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200)}`))
        """;

    // Every field, button and link has a name that a screen reader can say, and no id is there twice.
    private const string Unlabelled =
        """
        () => [
          ...[...document.querySelectorAll('input:not([type=hidden]), select')].filter(e => !e.closest('label') && !e.getAttribute('aria-label')).map(e => e.outerHTML),
          ...[...document.querySelectorAll('button, a[href]')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label'))).map(e => e.outerHTML),
          ...[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)
        ]
        """;

    private static string Root(PlayWorker worker) => worker.Link[..worker.Link.IndexOf("/sign-in", StringComparison.Ordinal)] + "/operate";

    private static async Task RetryAsync(IPage page, string size, string why)
    {
        await page.GetByLabel("How many").SelectOptionAsync(size);
        await page.GetByLabel("Why, for the audit").FillAsync(why);
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(page.Locator(".said")).ToContainTextAsync("is under way");
    }

    private static Task RefusedAsync(PlayWorker worker) => UntilAsync(async () => (await worker.Ledger.IssuancesInStateAsync(IssuanceState.Refused, 100, Ct)).Count == PlayWorker.Learners);

    private static Task ArrivedAsync(PlayWorker worker) => UntilAsync(async () => (await worker.Ledger.IssuancesInStateAsync(IssuanceState.Issued, 100, Ct)).Count == PlayWorker.Learners);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60)).ShouldBeTrue("waited in vain for the play issuer's answers");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }
}
