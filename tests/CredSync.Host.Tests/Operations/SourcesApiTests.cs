using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Host.Ledger;
using CredSync.Host.Tests.Intake.Hooks;
using CredSync.Host.Tests.Plans;
using CredSync.Sources;

namespace CredSync.Host.Tests.Operations;

/// <summary>What is done about sources through the interface for programs: their new people let in, their courses discovered, their deliveries looked at; and what it tells of people and rule books.</summary>
public sealed class SourcesApiTests(SourcesApiTests.World world) : IClassFixture<SourcesApiTests.World>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_people_who_were_too_many_are_let_in_by_an_operator_who_says_why()
    {
        using HttpClient client = await world.ClientAsync("operator");
        using HttpClient viewer = await world.ClientAsync("viewer");
        await world.TakeAsync("first", [.. Enumerable.Range(0, 3).Select(i => Fact($"old-{i}"))]);
        await world.TakeAsync("second", [.. Enumerable.Range(0, 4).Select(i => Fact($"new-{i}"))]);
        (await world.Ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 10, Ct)).Count.ShouldBe(4);

        using (HttpResponseMessage refused = await viewer.PostAsJsonAsync("/api/v1/sources/s/admit", new { why = "the new site" }, Ct))
        {
            ((int)refused.StatusCode).ShouldBe(403);
        }

        Problem(await SendAsync(client, HttpMethod.Post, "sources/s/admit", new { }, 400)).ShouldContain("'why'");
        Problem(await SendAsync(client, HttpMethod.Post, "sources/plya/admit", new { why = "the new site" }, 404)).ShouldBe("No source is called 'plya'; there are: broken, hooks, s.");
        (await world.Ledger.HeldCompletionsAsync(PersonCauses.TooManyNew, 10, Ct)).Count.ShouldBe(4);

        JsonElement counts = await SendAsync(client, HttpMethod.Post, "sources/s/admit", new { why = "the new site" }, 200);
        (counts.GetProperty("looked").GetInt32(), counts.GetProperty("matched").GetInt32(), counts.GetProperty("planned").GetInt32()).ShouldBe((4, 4, 4));
        (await world.Ledger.HeldCompletionsAsync(null, 10, Ct)).ShouldBeEmpty();
        ActLine act = (await world.Operators.ActsAsync("s", null, "admit", null, 10, Ct)).Items.Single();
        act.ShouldSatisfyAllConditions(a => a.Who.ShouldStartWith("key "), a => a.Why.ShouldBe("the new site"), a => a.Detail.ShouldStartWith("4 of 4 held completions have a person now"));

        // The next are taken without asking.
        await world.TakeAsync("third", Fact("next"));
        (await world.Ledger.HeldCompletionsAsync(null, 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Courses_of_a_source_are_discovered_without_storing_anything()
    {
        using HttpClient client = await world.ClientAsync("operator");
        LedgerTotals before = await world.Ledger.TotalsAsync(Ct);
        JsonElement found = await SendAsync(client, HttpMethod.Get, "sources/s/discover", null, 200);
        found.GetProperty("courses").EnumerateArray().Select(c => (c.GetProperty("key").GetString(), c.GetProperty("completions").GetInt32())).ShouldBe([("C-1", 1), ("C-2", 1)]);
        (found.GetProperty("source").GetString(), found.GetProperty("more").GetBoolean()).ShouldBe(("s", false));
        (await SendAsync(client, HttpMethod.Get, "sources/s/discover?pages=1", null, 200)).GetProperty("more").GetBoolean().ShouldBeTrue();
        Problem(await SendAsync(client, HttpMethod.Get, "sources/s/discover?pages=0", null, 400)).ShouldBe("pages is from 1 to 10000.");
        Problem(await SendAsync(client, HttpMethod.Get, "sources/plya/discover", null, 404)).ShouldStartWith("No source is called 'plya'");
        Problem(await SendAsync(client, HttpMethod.Get, "sources/broken/discover", null, 409)).ShouldBe("The platform does not answer.");
        (await world.Ledger.TotalsAsync(Ct)).Completions.ShouldBe(before.Completions);
    }

    [Fact]
    public async Task What_taking_a_stored_delivery_once_more_would_change_is_told_before_it_is_done()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.Ledger.EnsureSourcesAsync(["hooks"], Ct);
        await world.Ledger.StoreDeliveriesAsync([new DeliveryRow { Source = "hooks", Delivery = PlayHookSource.Delivery("d-1", "ada") }], Ct);
        JsonElement preview = await SendAsync(client, HttpMethod.Post, "deliveries/replay/preview", new { source = "hooks" }, 200);
        JsonElement effect = preview.GetProperty("effects").EnumerateArray().Single();
        (effect.GetProperty("delivery").GetString(), effect.GetProperty("effect").GetString(), preview.GetProperty("more").GetBoolean()).ShouldBe(("d-1", "would add it", false));
        Problem(await SendAsync(client, HttpMethod.Post, "deliveries/replay/preview", new { source = "s" }, 404)).ShouldBe("No source called 's' takes deliveries.");
        Problem(await SendAsync(client, HttpMethod.Post, "deliveries/replay/preview", new { }, 400)).ShouldContain("'source'");
    }

    [Fact]
    public async Task Why_a_person_has_one_credential_is_asked_for_alone()
    {
        using HttpClient client = await world.ClientAsync("viewer");
        await world.TakeAsync("explained", Fact("old-0"));
        Guid subject = (await world.Ledger.FindPeopleAsync("old-0", Ct)).Single().Subject;
        JsonElement has = await SendAsync(client, HttpMethod.Get, $"people/{subject}/credentials/badge", null, 200);
        (has.GetProperty("met").GetBoolean(), has.GetProperty("credential").GetString()).ShouldBe((true, "badge"));
        (await SendAsync(client, HttpMethod.Get, $"people/{subject}/credentials/second", null, 200)).GetProperty("met").GetBoolean().ShouldBeFalse();
        Problem(await SendAsync(client, HttpMethod.Get, $"people/{subject}/credentials/none", null, 404)).ShouldBe("No credential is called 'none'.");
        Problem(await SendAsync(client, HttpMethod.Get, $"people/{Guid.Empty}/credentials/badge", null, 404)).ShouldContain("knows nobody");
        (await SendAsync(client, HttpMethod.Get, "rule-books", null, 200)).EnumerateArray().ShouldContain(b => b.GetProperty("credentials").GetInt32() == 2);
    }

    private static string Problem(JsonElement problem) => problem.GetProperty("detail").GetString()!;

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string address, object? body, int status)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{address}") { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        ((int)answer.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static Completion Fact(string person, string course = "C-1") => PlanWorld.Completed(0, course, 90, Now.AddDays(-1)) with
    {
        Key = new CompletionKey("s", $"{person}|{course}"), Identifiers = [new PersonIdentifier("external_id", person)],
    };

    /// <summary>A world with sources, of which new people are soon too many.</summary>
    public sealed class World : OperationsWorld
    {
        public World()
        {
            Sources["broken"] = new Broken();
            Sources["hooks"] = new PlayHookSource();
            Sources["s"] = new Pages();
            People = PeoplePolicy.Default with { NewPeople = new NewPeopleLimit { AtLeast = 3, Share = 0 } };
        }
    }

    private sealed class Pages : ICompletionSource
    {
        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.CompletedTask;
            yield return new SourcePage { Completions = [Fact("a")], Next = new Cursor("1") };
            yield return new SourcePage { Completions = [Fact("a", "C-2")], Next = new Cursor("2") };
        }
    }

    private sealed class Broken : ICompletionSource
    {
        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.CompletedTask;
            throw new SourceException(FaultKind.Outage, "The platform does not answer.");
#pragma warning disable CS0162 // What makes it an iterator.
            yield break;
#pragma warning restore CS0162
        }
    }
}
