using Microsoft.Playwright;

namespace CredSync.EndToEnd.Tests.Pages;

/// <summary>
/// A real browser: Debian's chromium, or what <c>CREDSYNC_TEST_CHROMIUM</c> names. Without one its tests are skipped, in CI they fail.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<Browser> StartAsync()
    {
        string path = Environment.GetEnvironmentVariable("CREDSYNC_TEST_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"There is no browser at {path}; install chromium.");
        }

        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    /// <summary>Opens a page and collects what the browser complains about.</summary>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(string url, int width, bool dark)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        IPage page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => complaints.Add(error);
        page.RequestFailed += (_, request) => complaints.Add($"{request.Url} failed");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                complaints.Add($"{response.Url}: {response.Status}");
            }
        };
        await page.GotoAsync(url, new() { WaitUntil = WaitUntilState.NetworkIdle, Timeout = 90_000 });
        return (page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
