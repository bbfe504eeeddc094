using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CredSync.EndToEnd.Tests.Dashboard;

/// <summary>What somebody does who has never seen CredSync: the demo, its link, and the question why a learner has no badge.</summary>
public sealed class DemoWalkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-walk-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_new_user_opens_the_link_that_the_demo_prints_and_finds_out_why_a_learner_has_no_badge()
    {
        await using Browser browser = await Browser.StartAsync();
        await using WorkerProcess demo = WorkerProcess.Start(["demo", "--keep", "--out", Path.Combine(folder, "demo")], folder: folder);
        IPage page = await browser.PageAsync(1300, ColorScheme.Light);
        await page.GotoAsync(await LinkAsync(demo));

        // All is well, and the badges are there; whoever holds one is a click away, and what they lack stands beside it.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "All is well" })).ToBeVisibleAsync();
        await Expect(page.Locator(".funnel").First).ToContainTextAsync("issued");
        await page.GetByRole(AriaRole.Link, new() { Name = "Credentials" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Credentials" })).ToBeFocusedAsync();
        await page.Locator("main table.list a").First.ClickAsync();
        await Expect(page.Locator("main table.list tbody td.id a").First).ToBeVisibleAsync();
        string[] holders = await page.Locator("main table.list tbody td.id a").EvaluateAllAsync<string[]>("links => links.map(l => l.href)");

        // Each credential says why, or why not, and what is missing; some learners have them all.
        ILocator why = page.Locator("section.card", new() { HasText = "not earned" }).First;
        foreach (string holder in holders)
        {
            await page.GotoAsync(holder);
            await Expect(page.Locator("h1")).ToContainTextAsync("Person");
            await Expect(page.Locator("section.card", new() { HasText = "already issued" }).First).ToBeVisibleAsync();
            if (await why.CountAsync() > 0)
            {
                break;
            }
        }

        await Expect(why).ToBeVisibleAsync();
        await Expect(why).ToContainTextAsync("✗");
        await Expect(why.Locator("p", new() { HasText = "Missing:" }).First).ToBeVisibleAsync();
        (await page.ContentAsync()).ShouldNotMatch("[a-z]+@[a-z.]+example");
        browser.Faults.ShouldBeEmpty();
        (await demo.StopAsync(Ct)).ShouldBe(0);
    }

    private static async Task<string> LinkAsync(WorkerProcess demo)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (Regex.Match(demo.Error, @"http://\S+/sign-in\?token=\S+") is { Success: true } match)
            {
                return match.Value;
            }

            (!demo.HasExited && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(2)).ShouldBeTrue(demo.Output + demo.Error);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }
}
