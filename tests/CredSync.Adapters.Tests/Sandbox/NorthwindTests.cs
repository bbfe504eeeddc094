using System.Globalization;
using CredSync.Adapters.Tests.Sources;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.Northwind;
using CredSync.Sources.Moodle;
using CsCheck;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class NorthwindTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_seed_writes_the_same_story_and_another_seed_another_one()
    {
        NorthwindScript.Create(7).Timeline.ShouldBe(NorthwindScript.Create(7).Timeline);
        NorthwindScript.Create(7).Timeline.ShouldNotBe(NorthwindScript.Create(8).Timeline);
    }

    [Fact]
    public void Every_story_is_in_order_lies_between_2025_and_2026_and_has_successes_and_failures() => Gen.Int[0, 10_000].Sample(
        seed =>
        {
            NorthwindScript script = NorthwindScript.Create(seed);
            script.Timeline.Select(step => step.At).ShouldBeInOrder();
            script.Timeline.Select(step => step.Number).ShouldBe(Enumerable.Range(1, script.Timeline.Count));
            script.Timeline.ShouldAllBe(step => step.At.Year >= 2025 && step.At.Year <= 2026);
            IReadOnlyList<ExpectedCompletion> expected = script.ExpectedAfter(script.Timeline.Count);
            expected.Where(x => x.Learner == "NW-1001").Select(x => x.Course).Order().ShouldBe(["DATA-110", "EXCEL-050", "FIRSTAID-201", "LEAD-300", "SAFETY-101", "STAT-101"]);
            expected.ShouldNotContain(x => x.Learner == "NW-1002" && x.Course == "DATA-110");
            script.Timeline.ShouldContain(step => step.Learner == "NW-1002" && step.Course == "DATA-110" && step.Grade < 60);
        },
        iter: 50);

    [Fact]
    public void The_world_completes_what_the_plot_expects_after_every_step() => Gen.Int[0, 10_000].Sample(
        seed =>
        {
            NorthwindScript script = NorthwindScript.Create(seed);
            Dictionary<int, string> learners = script.World.Users.ToDictionary(user => user.Id, user => user.IdNumber);
            do
            {
                script.World.Courses
                    .SelectMany(course => script.World.CompletionsOf(course.Id).Select(x => (learners[x.UserId], course.IdNumber, x.CompletedAt)))
                    .ShouldBe(script.Expected().Select(x => (x.Learner, x.Course, x.CompletedAt)), ignoreOrder: true);
            }
            while (script.PlayNext() is not null);
        },
        iter: 5);

    [Fact]
    public async Task The_Moodle_adapter_reads_over_HTTP_exactly_what_the_plot_expects_at_any_moment_of_the_story()
    {
        NorthwindScript script = NorthwindScript.Create(3);
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(script)], ct: Ct);
        await using SourceBench bench = new();
        TestLedger ledger = new();
        MoodleOptions options = new()
        {
            Address = server.Platforms[0].Address,
            Token = new Secret("env:MOODLE_TOKEN", () => NorthwindScript.Token),
            PageSize = 7,
            ReverifySlices = 1,
        };
        foreach (int position in new[] { 0, 1, script.Timeline.Count / 3, script.Timeline.Count / 2, script.Timeline.Count })
        {
            while (script.Position < position)
            {
                script.PlayNext();
            }

            await ledger.ReadAsync(bench.Create("moodle", options), Ct);

            ledger.Unreadable.ShouldBeEmpty();
            ledger.Completions.Values.Select(Line).Order().ShouldBe(script.Expected().Select(Line).Order());
        }
    }

    [Fact]
    public async Task The_whole_company_is_played_on_all_platforms_in_the_order_of_time()
    {
        NorthwindCompany company = NorthwindCompany.Create(2);
        await using SandboxServer server = await SandboxServer.StartAsync(company.Platforms, ct: Ct);
        server.Platforms.Select(platform => platform.Address.AbsolutePath).ShouldBe(["/moodle/", "/coursera/", "/edx/", "/lrs/", "/api/"]);
        List<string> days = [];
        while (company.PlayNext() is { } step)
        {
            days.Add(step[..10]);
        }

        days.Count.ShouldBe(company.Steps);
        company.Position.ShouldBe(company.Steps);
        days.ShouldBeInOrder();
        company.MoodleScript.World.CompletionsOf(2).ShouldNotBeEmpty();
        company.CourseraScript.World.Completions().ShouldNotBeEmpty();
        company.EdxScript.World.Certificates().ShouldNotBeEmpty();
    }

    private static string Line(Completion completion) => string.Create(
        CultureInfo.InvariantCulture,
        $"{completion.Identifiers.Single(x => x.Kind == IdentifierKinds.ExternalId).Value} {completion.Course.Key} {completion.CompletedAt:u} {completion.Score?.Raw:0.00}");

    private static string Line(ExpectedCompletion completion) =>
        string.Create(CultureInfo.InvariantCulture, $"{completion.Learner} {completion.Course} {completion.CompletedAt:u} {completion.Grade:0.00}");
}
