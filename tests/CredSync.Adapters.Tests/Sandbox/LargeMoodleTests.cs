using System.Globalization;
using CredSync.Adapters.Tests.Sources;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class LargeMoodleTests
{
    [Fact]
    public void The_same_arguments_make_the_same_world()
    {
        Lines(MoodleWorld.Large(6, 300, 5)).ShouldBe(Lines(MoodleWorld.Large(6, 300, 5)));
        Lines(MoodleWorld.Large(6, 300, 5)).ShouldNotBe(Lines(MoodleWorld.Large(6, 300, 6)));

        static string[] Lines(MoodleWorld world) =>
            [.. world.Courses.SelectMany(course => world.CompletionsOf(course.Id).Select(x => string.Create(CultureInfo.InvariantCulture, $"{course.Id} {x.UserId} {x.CompletedAt:u}")))];
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 4 * 250)]
    public void As_much_is_complete_as_was_asked_for(double share, int completions)
    {
        MoodleWorld world = MoodleWorld.Large(4, 250, 1, share);
        world.Courses.Sum(course => world.CompletionsOf(course.Id).Count).ShouldBe(completions);
    }

    [Fact]
    public async Task The_Moodle_adapter_reads_every_completion_of_a_thousand_learners_in_three_courses()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        MoodleWorld world = MoodleWorld.Large(3, 1000, 2);
        await using SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(world)], ct: ct);
        await using SourceBench bench = new();
        TestLedger ledger = new();
        MoodleOptions options = new() { Address = server.Platforms[0].Address, Token = new Secret("env:MOODLE_TOKEN", () => MoodleWorld.LargeToken) };

        await ledger.ReadAsync(bench.Create("moodle", options), ct);

        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Values.Select(x => (x.Course.Key, x.Key.NaturalKey.Split('|')[0], x.CompletedAt!.Value)).Order().ShouldBe(
            world.Courses
                .SelectMany(course => world.CompletionsOf(course.Id).Select(x => (course.IdNumber, x.UserId.ToString(CultureInfo.InvariantCulture), x.CompletedAt)))
                .Order());
    }
}
