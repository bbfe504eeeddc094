using CredSync.Adapters.Tests.Sandbox;
using CredSync.Completions;
using CredSync.Sandbox.Faults;
using CredSync.Sources;
using CredSync.Sources.Edx;

namespace CredSync.Adapters.Tests.Sources.Hooks;

/// <summary>Events of a play Open edX, over real HTTP: what they say is never believed, what the certificate says is.</summary>
public sealed class EdxHookTests : EdxPlayTests
{
    private readonly SourceBench bench = new();
    private readonly TestLedger ledger = new();

    private ICompletionSource Source => bench.Create("edx", Options(), "edx");

    private CompletionKey Key => new("edx", $"u1|{Run}");

    [Fact]
    public async Task A_pass_is_taken_once_however_often_the_platform_repeats_it()
    {
        Pass("u1", Day);
        Pass("u1", Day.AddHours(1));
        IReadOnlyList<string> bodies = await EventsAsync();
        bodies.Count.ShouldBeGreaterThan(3);
        List<Completion> taken = [];
        foreach (string body in bodies)
        {
            taken.AddRange((await ledger.TakeAsync(Source, body, Ct)).Completions);
        }

        taken.ShouldNotBeEmpty();
        taken.Select(c => (c.Key, c.Status, c.CompletedAt, c.Score?.Scaled)).Distinct().ShouldHaveSingleItem().ShouldBe((Key, CompletionStatus.Completed, Day, 0.93m));
    }

    [Fact]
    public async Task A_pass_in_a_custom_course_is_read_again_like_any_other()
    {
        Pass("u1", Day);
        string event1 = $$"""
            { "openedx_events.learning.data.CcxCoursePassingStatusData": { "is_passing": true, "course": { "ccx_course_key": "{{Run}}", "master_course_key": "course-v1:NorthX+MASTER+2026", "display_name": "" }, "user": { "id": 7, "pii": { "username": "u1" } } },
              "event_metadata": { "event_type": "org.openedx.learning.ccx.course.passing.status.updated.v1" } }
            """;
        (await ledger.TakeAsync(Source, event1, Ct)).Completions.ShouldHaveSingleItem().Key.ShouldBe(Key);
    }

    [Fact]
    public async Task A_forged_pass_of_somebody_without_a_certificate_gives_nothing()
    {
        Pass("u1", Day);
        string forged = (await EventsAsync())[^1].Replace("u1", "u2", StringComparison.Ordinal);
        World.Enrol("u2", Run, Day);
        (await ledger.TakeAsync(Source, forged, Ct)).Completions.ShouldBeEmpty();
        ledger.Completions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revoked_certificate_is_taken_back_after_it_was_read_again()
    {
        Pass("u1", Day);
        foreach (string body in await EventsAsync())
        {
            await ledger.TakeAsync(Source, body, Ct);
        }

        World.Revoke("u1", Run, Day.AddDays(1));
        foreach (string body in await EventsAsync())
        {
            await ledger.TakeAsync(Source, body, Ct);
        }

        ledger.Completions[Key].Status.ShouldBe(CompletionStatus.Revoked);
    }

    [Fact]
    public async Task A_forged_revocation_takes_nothing_back()
    {
        Pass("u1", Day);
        IReadOnlyList<string> bodies = await EventsAsync();
        await ledger.TakeAsync(Source, bodies[^1], Ct);
        await ledger.TakeAsync(Source, bodies[^1].Replace("certificate.changed", "certificate.revoked", StringComparison.Ordinal).Replace("downloadable", "unavailable", StringComparison.Ordinal), Ct);
        ledger.Completions[Key].Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task Revoked_before_created_means_nothing_was_ever_given()
    {
        Pass("u1", Day);
        await EventsAsync();
        World.Revoke("u1", Run, Day.AddDays(1));
        foreach (string body in Enumerable.Reverse(await EventsAsync()))
        {
            (await ledger.TakeAsync(Source, body, Ct)).Completions.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Not_passing_asks_the_platform_nothing_unless_a_pass_is_known()
    {
        World.Enrol("u1", Run, Day.AddDays(-30));
        World.Grade("u1", Run, 0.2, Day);
        Edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable });
        foreach (string body in await EventsAsync())
        {
            (await ledger.TakeAsync(Source, body, Ct)).Completions.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Courses_that_are_not_read_and_other_events_give_nothing()
    {
        World.Enrol("u1", NoPage, Day);
        World.Grade("u1", NoPage, 0.9, Day);
        foreach (string body in await EventsAsync())
        {
            (await ledger.TakeAsync(Source, body, Ct)).Completions.ShouldBeEmpty();
        }

        (await ledger.TakeAsync(Source, """{"x":{},"event_metadata":{"event_type":"org.openedx.learning.course.enrollment.created.v1"}}""", Ct)).Completions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_platform_that_is_away_is_a_fault_so_that_the_delivery_waits()
    {
        Pass("u1", Day);
        IReadOnlyList<string> bodies = await EventsAsync();
        Edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable });
        (await Should.ThrowAsync<SourceException>(() => ledger.TakeAsync(Source, bodies[^1], Ct))).Kind.ShouldBe(FaultKind.Outage);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"event_metadata\":{\"event_type\":5}}")]
    public void What_is_no_event_is_refused_at_the_door(string body) =>
        ((IWebhookSource)Source).Look(HookBench.Delivery(body)).Malformed.ShouldNotBeNull();

    private async Task<IReadOnlyList<string>> EventsAsync()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync(Ct);
        await Edx.SendHooksAsync(receiver.Address, Client, Ct);
        return [.. receiver.Bodies.Select(b => b.GetRawText())];
    }

    private EdxOptions Options() => new()
    {
        Address = new Uri(Edx.Address.ToString().TrimEnd('/')),
        ClientId = new Secret("env:ID", () => World.ClientId),
        ClientSecret = new Secret("env:SECRET", () => World.ClientSecret),
        Courses = [Run],
    };
}
