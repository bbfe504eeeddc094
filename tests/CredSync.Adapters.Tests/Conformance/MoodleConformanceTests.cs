using System.Text.Json;
using CredSync.Adapters.Tests.Sources;
using CredSync.Adapters.Tests.Sources.Moodle;
using CredSync.Conformance;
using CredSync.Conformance.Http;
using CredSync.Conformance.Sources;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sources;
using CredSync.Sources.Moodle;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class MoodleConformanceTests
{
    public static TheoryData<ConformanceCase> Cases => new(SourceConformance.For(Moodle));

    private static SourceUnderTest Moodle => new()
    {
        Name = "moodle-hr",
        Create = platform => new SourceBench(platform).Create("moodle", new MoodleOptions
        {
            Address = new Uri("https://moodle.example.org"),
            Token = new Secret("env:MOODLE_TOKEN", () => ScriptedMoodle.Token),
            PageSize = 2,
            ConcurrentCalls = 1,
        }, "moodle-hr"),
        Platform = () => Site(),
        Holds = ["10|2|1", "11|2|1", "12|2|1", "10|3|1"],
        OptionsType = typeof(MoodleOptions),
        Secrets = [ScriptedMoodle.Token],
        OldCursors = [JsonSerializer.Serialize(new { v = 1, sweep = 4, course = 2, from = 2, seen = 2, counts = "2:4,3:2" })],
        PlatformWithAnUnreadableRecord = () => Site(aside: true),
        PlatformThatRepeatsAPage = () => Site(repeats: true),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Moodle_conforms(ConformanceCase conformance) => conformance.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Moodle_conforms_to_a_transcript_of_the_play_moodle()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        MoodleWorld world = MoodleWorld.Large(courses: 2, learners: 7, seed: 11);
        TestLedger ledger = new();
        Transcript transcript;
        await using (SandboxServer server = await SandboxServer.StartAsync([new MoodlePlatform(world)], ct: ct))
        {
            TranscriptRecorder recorder = new(new SocketsHttpHandler(), [MoodleWorld.LargeToken]);
            await ledger.ReadAsync(Reader(recorder, server.Platforms[0].Address, MoodleWorld.LargeToken), ct);
            recorder.Recorded.ToJson().ShouldNotContain(MoodleWorld.LargeToken);
            transcript = Transcript.Parse(recorder.Recorded.ToJson());
        }

        SourceUnderTest played = Moodle with
        {
            Create = platform => Reader(platform, new Uri("https://elsewhere.example.org/moodle/"), "SECRET-1"),
            Platform = transcript.Play,
            Holds = [.. ledger.Completions.Keys.Select(key => key.NaturalKey)],
            Secrets = ["SECRET-1"],
            OldCursors = [],
            PlatformWithAnUnreadableRecord = null,
            PlatformThatRepeatsAPage = null,
        };
        foreach (ConformanceCase conformance in SourceConformance.For(played))
        {
            await conformance.RunAsync(ct);
        }
    }

    private static ICompletionSource Reader(HttpMessageHandler platform, Uri address, string token) => new SourceBench(platform).Create("moodle", new MoodleOptions
    {
        Address = address,
        Token = new Secret("env:MOODLE_TOKEN", () => token),
        PageSize = 3,
        ConcurrentCalls = 1,
    }, "moodle-hr");

    private static ScriptedMoodle Site(bool aside = false, bool repeats = false)
    {
        ScriptedMoodle moodle = new();
        moodle.Courses.Add(new ScriptedCourse(2, "C2") { Learners = [Learner.Complete(10), Learner.Complete(11), new Learner(13), Learner.Complete(12)] });
        moodle.Courses.Add(new ScriptedCourse(3, "C3") { Learners = [Learner.Complete(10), new Learner(11)] });
        if (aside)
        {
            moodle.Courses[0].Learners.Add(Learner.Complete(14));
        }

        moodle.Instead = call => aside && call.Function == ScriptedMoodle.Status && call.User == 14 ? ScriptedMoodle.Json("""{"exception":"Error","message":"It broke."}""") : repeats && call.Function == ScriptedMoodle.Enrolled ? ScriptedMoodle.Json("""[{"id":10},{"id":11}]""") : null;
        return moodle;
    }
}
