using Microsoft.Playwright;

namespace CredSync.EndToEnd.Tests.Dashboard;

/// <summary>A real Chromium, as Debian packages it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>What went wrong in any page: faults of scripts, refused loads.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Starts it; skips the test where there is none, unless CI says that nothing is skipped.</summary>
    public static async Task<Browser> StartAsync()
    {
        string? path = new[] { Environment.GetEnvironmentVariable("CREDSYNC_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "There is no Chromium; install it (Debian: apt-get install chromium) or name it in CREDSYNC_CHROMIUM.");
            throw new InvalidOperationException("There is no Chromium, and CI leaves no test out.");
        }

        Assertions.SetDefaultExpectTimeout(90_000);
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"] }));
    }

    public async Task<IPage> PageAsync(int width, ColorScheme look)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = look });
        context.SetDefaultTimeout(90_000);
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Faults.Add(message.Text);
            }
        };
        page.PageError += (_, fault) => Faults.Add(fault);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
