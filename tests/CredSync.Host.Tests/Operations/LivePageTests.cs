using CredSync.Host.Operations;
using CredSync.Host.Operations.Dashboard;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Plans;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>A screen is there at once, and what is dear to read comes after it.</summary>
public sealed class LivePageTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new(PlanWorld.Now);
    private readonly PlayCount count = new();
    private readonly ServiceProvider services;
    private readonly HtmlRenderer renderer;

    public LivePageTests()
    {
        services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddSingleton<ISql>(new PlaySql()).AddSingleton<LookBudget>().AddSingleton<Looks>().AddSingleton<Attention>().AddSingleton(count).BuildServiceProvider();
        renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await renderer.DisposeAsync();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task A_list_is_drawn_before_its_lines_are_counted_and_again_when_they_are()
    {
        HtmlRootComponent page = await DrawAsync();
        (await HtmlAsync(page)).ShouldBe("lines, counting");
        count.Coming.SetResult("1,000,000");
        await UntilAsync(page, "lines, 1,000,000");

        // Whoever comes next shares the count, and has it at once.
        (await HtmlAsync(await DrawAsync())).ShouldBe("lines, 1,000,000");
        count.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_count_that_fails_after_the_list_was_drawn_says_why()
    {
        HtmlRootComponent page = await DrawAsync();
        count.Coming.SetException(new StorageException("The ledger is away."));
        await UntilAsync(page, "lines, counting The ledger is away.");
    }

    private async Task<HtmlRootComponent> DrawAsync()
    {
        Task<HtmlRootComponent> drawing = renderer.Dispatcher.InvokeAsync(() => renderer.RenderComponentAsync<CountedList>());
        while (!drawing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        return await drawing;
    }

    private Task<string> HtmlAsync(HtmlRootComponent page) => renderer.Dispatcher.InvokeAsync(page.ToHtmlString);

    private async Task UntilAsync(HtmlRootComponent page, string html)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (await HtmlAsync(page) != html)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(60), await HtmlAsync(page));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    private sealed class PlayCount
    {
        public TaskCompletionSource<string> Coming { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked { get; set; }
    }

    private sealed class CountedList : LivePage
    {
        private string? counted;

        [Inject]
        public PlayCount Count { get; set; } = null!;

        protected override async Task LoadAsync(CancellationToken ct) => counted = await SeeSoonAsync(
            "all",
            (_, _) =>
            {
                Count.Asked++;
                return Count.Coming.Task;
            },
            ct) ?? counted;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"lines, {counted ?? "counting"}{(Trouble is null ? "" : " " + Trouble)}");
    }
}
