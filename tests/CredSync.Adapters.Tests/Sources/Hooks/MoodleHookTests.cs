using System.Text.Json;
using CredSync.Adapters.Tests.Sandbox;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sources;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sources.Hooks;

/// <summary>Events of a play Moodle with the plugin <c>local_webhooks</c>, over real HTTP.</summary>
public sealed class MoodleHookTests : IAsyncLifetime
{
    private readonly SourceBench bench = new();
    private readonly TestLedger ledger = new();
    private readonly HttpClient client = new();
    private readonly NorthwindScript script = NorthwindScript.Create(1);
    private MoodlePlatform platform = null!;
    private SandboxServer server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICompletionSource Source => field ??= bench.Create("moodle", new MoodleOptions { Address = platform.Address, Token = new Secret("env:TOKEN", () => NorthwindScript.Token) }, "moodle-hr");

    public async ValueTask InitializeAsync()
    {
        platform = new MoodlePlatform(script);
        platform.World.HookToken = "a-shared-token";
        server = await SandboxServer.StartAsync([platform], ct: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await bench.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Events_and_polling_come_to_the_same_completions_under_the_same_keys()
    {
        while (script.PlayNext() is not null)
        {
        }

        TestLedger polled = new();
        await polled.ReadAsync(Source, Ct);
        IReadOnlyList<string> events = await EventsAsync();
        events.ShouldNotBeEmpty();
        foreach (string body in events)
        {
            await ledger.TakeAsync(Source, body, Ct);
        }

        ledger.Completions.ShouldNotBeEmpty();
        foreach ((CompletionKey key, Completion completion) in ledger.Completions)
        {
            JsonSerializer.Serialize(completion).ShouldBe(JsonSerializer.Serialize(polled.Completions[key]), key.ToString());
        }
    }

    [Fact]
    public async Task The_learner_is_the_related_user_and_never_whoever_was_logged_in()
    {
        while (script.PlayNext() is not null && ledger.Completions.Count == 0)
        {
            foreach (string body in await EventsAsync())
            {
                await ledger.TakeAsync(Source, body.Replace("\"userid\":\"0\"", "\"userid\":\"2\"", StringComparison.Ordinal), Ct);
            }
        }

        ledger.Completions.Keys.ShouldHaveSingleItem().NaturalKey.ShouldNotStartWith("2|");
    }

    [Fact]
    public async Task A_forged_completion_gives_nothing()
    {
        string forged = """{"eventname":"\\core\\event\\course_completed","courseid":"COURSE","relateduserid":"USER","userid":"0","timecreated":1767189260}"""
            .Replace("COURSE", $"{platform.World.Courses[0].Id}", StringComparison.Ordinal).Replace("USER", "3", StringComparison.Ordinal);
        (await ledger.TakeAsync(Source, forged, Ct)).Completions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(@"\\local_recompletion\\event\\completion_reset")]
    [InlineData(@"\\core\\event\\course_completion_updated")]
    [InlineData(@"\\core\\event\\course_module_completion_updated")]
    public async Task Resets_and_other_events_take_nothing_back_and_give_nothing(string name)
    {
        WebhookReading reading = await ledger.TakeAsync(Source, $$"""{"eventname":"{{name}}","courseid":"2","relateduserid":"3"}""", Ct);
        reading.Completions.ShouldBeEmpty();
        reading.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_no_event_is_refused_at_the_door() => ((IWebhookSource)Source).Look(HookBench.Delivery("[1]")).Malformed.ShouldNotBeNull();

    [Theory]
    [InlineData(20, 1)]
    [InlineData(40, 2)]
    public void A_completion_much_later_than_the_known_one_is_a_new_attempt_where_courses_are_reset_on_a_period(int days, int attempt)
    {
        DateTimeOffset first = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var known = new MoodleAttempt(1, CompletionStatus.Completed, first);
        MoodleAttempts.Next(known, first.AddDays(days), TimeSpan.FromDays(30)).ShouldBe(attempt);
        MoodleAttempts.Next(known, first.AddDays(days)).ShouldBe(1);
    }

    private async Task<IReadOnlyList<string>> EventsAsync()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync(Ct);
        await platform.SendHooksAsync(receiver.Address, client, Ct);
        return [.. receiver.Bodies.Select(b => b.GetRawText())];
    }
}
