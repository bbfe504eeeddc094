using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CredSync.Adapters.Tests.Sources;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Api;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Lrs;
using CredSync.Sandbox.Northwind;
using CredSync.Sandbox.Records;
using CredSync.Sources;
using CredSync.Sources.Csv;
using CredSync.Sources.HttpJson;
using CredSync.Sources.Xapi;
using CsCheck;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>The learning record store, the JSON API and the personnel office: what their stories say is what their adapters read.</summary>
public sealed class SmallPlatformTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-records-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_story_is_in_order_and_the_first_learner_finishes_everything() => Gen.Int[0, 10_000].Sample(
        seed =>
        {
            (IReadOnlyList<NorthwindStep> Steps, IReadOnlyList<ExpectedFinish> Expected)[] stories =
            [
                (NorthwindLrsScript.Create(seed).Timeline, NorthwindLrsScript.Create(seed).ExpectedAfter(int.MaxValue)),
                (NorthwindApiScript.Create(seed).Timeline, NorthwindApiScript.Create(seed).ExpectedAfter(int.MaxValue)),
                (NorthwindRecordsScript.Create(folder, seed).Timeline, NorthwindRecordsScript.Create(folder, seed).ExpectedAfter(int.MaxValue)),
            ];
            foreach ((IReadOnlyList<NorthwindStep> steps, IReadOnlyList<ExpectedFinish> expected) in stories)
            {
                steps.Zip(steps.Skip(1)).ShouldAllBe(pair => pair.First.At < pair.Second.At && pair.Second.Number == pair.First.Number + 1);
                expected.Count(x => x.Learner == "NW-1001").ShouldBe(2);
            }
        },
        iter: 30);

    [Fact]
    public async Task The_store_is_read_exactly_as_its_story_tells_at_any_moment()
    {
        NorthwindLrsScript script = NorthwindLrsScript.Create(4);
        script.World.LargestPage = 7;
        await using SandboxServer server = await SandboxServer.StartAsync([new LrsPlatform(script)], ct: Ct);
        await using SourceBench bench = new();
        ICompletionSource source = bench.Create("xapi", new XapiOptions
        {
            Address = server.Platforms[0].Address,
            Key = new Secret("env:KEY", () => script.World.Key),
            Secret = new Secret("env:SECRET", () => script.World.Secret),
            KeyAfter = "/courses/",
        });
        script.Timeline.ShouldContain(step => step.Kind == NorthwindStepKind.TakeBack);
        await CompareAsync(source, script, () => script.ExpectedAfter(script.Position), score: 1);
    }

    [Fact]
    public async Task The_vendor_is_read_exactly_as_its_story_tells_at_any_moment()
    {
        NorthwindApiScript script = NorthwindApiScript.Create(4);
        script.World.LargestPage = 5;
        await using SandboxServer server = await SandboxServer.StartAsync([new ApiPlatform(script)], ct: Ct);
        await using SourceBench bench = new();
        ICompletionSource source = bench.Create("http-json", new HttpJsonOptions
        {
            Address = new Uri(server.Platforms[0].Address, "v1/completions"),
            Auth = HttpJsonAuth.Bearer,
            Token = new Secret("env:TOKEN", () => script.World.Token),
            Items = "data",
            Paging = HttpJsonPaging.Cursor,
            Next = "meta.next",
            SinceParameter = "updated_after",
            SinceFormat = HttpJsonTime.EpochMilliseconds,
            TimeFormat = HttpJsonTime.EpochMilliseconds,
            CompletedWhen = new Dictionary<string, string> { ["state"] = "finished" },
            Fields = new Dictionary<string, string> { ["email"] = "person.email", ["course"] = "course.code", ["completed_at"] = "finished", ["updated_at"] = "changed", ["score"] = "points" },
        });
        await CompareAsync(source, script, () => script.ExpectedAfter(script.Position), score: 1);
    }

    [Fact]
    public async Task The_records_are_read_exactly_as_their_story_tells_at_any_moment()
    {
        NorthwindRecordsScript script = NorthwindRecordsScript.Create(folder, 4);
        await using SourceBench bench = new();
        ICompletionSource source = bench.Create("csv", new CsvOptions
        {
            Path = folder,
            Settle = TimeSpan.Zero,
            DateFormat = "dd.MM.yyyy",
            Columns = new Dictionary<string, string> { ["email"] = "E-Mail", ["course"] = "Course code", ["title"] = "Course", ["completed_at"] = "Date" },
        });
        await CompareAsync(source, script, () => script.ExpectedAfter(script.Position), score: null);
        Directory.GetFiles(folder, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_vendor_refuses_what_it_does_not_know_and_plays_faults()
    {
        ApiPlatform platform = new(NorthwindApiScript.Create());
        await using SandboxServer server = await SandboxServer.StartAsync([platform], ct: Ct);
        using HttpClient client = new() { BaseAddress = platform.Address };
        (await client.GetAsync("v1/completions", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.World.Token);
        (await client.GetAsync("v1/nothing", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("v1/completions?cursor=x", Ct)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        platform.World.Put("p1", null, null, "C1", null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), isFinished: true, points: 70);
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1 });
        (await client.GetAsync("v1/completions", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Count = 1 });
        (await StateAsync(client)).ShouldBe("started");
        (await StateAsync(client)).ShouldBe("finished");
    }

    private static async Task<string?> StateAsync(HttpClient client)
    {
        using JsonDocument page = JsonDocument.Parse(await client.GetStringAsync(new Uri("v1/completions", UriKind.Relative), Ct));
        return page.RootElement.GetProperty("data")[0].GetProperty("state").GetString();
    }

    private static async Task CompareAsync(ICompletionSource source, PlayScript<NorthwindStep> script, Func<IReadOnlyList<ExpectedFinish>> expected, int? score)
    {
        Dictionary<string, string> numbers = NorthwindLearner.All.ToDictionary(x => x.Email, x => x.Number);
        TestLedger ledger = new();
        do
        {
            for (int i = 0; i < 9 && script.PlayNext() is not null; i++)
            {
            }

            await ledger.ReadAsync(source, Ct);
            ledger.Unreadable.ShouldBeEmpty();
            ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
            ledger.Completions.Values
                .Select(c => (numbers[c.Identifiers.Single().Value], c.Course.Key, c.CompletedAt!.Value, score is null ? null : c.Score?.Scaled is { } scaled ? Math.Round((double)scaled, 4) : (double?)null))
                .ShouldBe(expected().Select(x => (x.Learner, x.Course, x.CompletedAt, score is null ? null : x.Score is { } points ? Math.Round(points / 100, 4) : (double?)null)), ignoreOrder: true);
        }
        while (script.Position < script.Timeline.Count);
    }
}
