using CredSync.Conformance;
using CredSync.Conformance.Http;
using CredSync.Conformance.Sources;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>The kit's own test: a sound source passes, and each broken one is caught by exactly the case that is about its defect.</summary>
public sealed class SourceConformanceTests
{
    private static readonly Dictionary<Defect, string> CaughtBy = new()
    {
        [Defect.LosesOne] = "everything arrives",
        [Defect.CallsWhatChangedWhole] = "a whole reading shows everything",
        [Defect.DatesByReading] = "the same reading gives the same completions",
        [Defect.KeepsMarkup] = "completions are whole",
        [Defect.LocalTimes] = "times are UTC",
        [Defect.IgnoresCancellation] = "cancelling ends the reading",
        [Defect.FailsOnOneOddRecord] = "an unreadable record is set aside",
        [Defect.RemembersItsPlace] = "resumes from every page's cursor without loss",
        [Defect.CursorStays] = "every page moves the cursor",
        [Defect.MakesNews] = "a reading at the end finds nothing new",
        [Defect.TakesAnyCursor] = "a foreign cursor says so",
        [Defect.RefusesOldCursors] = "old cursors still load",
        [Defect.RefusedTokenAsOutage] = "401 is Unauthorized",
        [Defect.SwallowsServerErrors] = "5xx is an Outage",
        [Defect.RawConnectionFault] = "a cut connection is an Outage",
        [Defect.ReadsWebPagesAsEmpty] = "a web page instead of data is Broken",
        [Defect.RawJsonFault] = "truncated JSON is Broken",
        [Defect.ForgetsTheDelay] = "429 carries its delay",
        [Defect.CheckThrows] = "a failed check is a result",
        [Defect.FollowsRepeatedPages] = "a page that repeats is Broken",
        [Defect.TokenInTheAddress] = "no secret is in an address",
        [Defect.QuotesBodies] = "no secret and no body is in a fault",
        [Defect.TokenInTheCursor] = "no secret is in what is yielded",
        [Defect.CountsDeliveries] = "a delivery always comes to the same completions",
        [Defect.KeysDeliveriesApart] = "a delivery and a poll tell the same facts",
        [Defect.TrustsAnyShape] = "a delivery of another shape does no harm",
    };

    public static TheoryData<Defect> Defects => new(Enum.GetValues<Defect>());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Each_defect_is_caught_by_exactly_the_case_that_is_about_it(Defect defect)
    {
        string[] expected = CaughtBy.TryGetValue(defect, out string? name) ? [name] : [];
        (await Failing(Setup(defect))).ShouldBe(expected);
    }

    [Fact]
    public async Task Every_case_has_a_broken_source_that_it_catches()
    {
        HashSet<string> caught = [.. CaughtBy.Values];
        foreach (Type options in (Type[])[typeof(UndescribedOptions), typeof(RefusedDefaultOptions)])
        {
            caught.Add((await Failing(Setup(Defect.None) with { OptionsType = options })).ShouldHaveSingleItem());
        }

        SourceConformance.For(Setup(Defect.None)).Select(c => c.Name).Order().ShouldBe(caught.Order());
    }

    [Fact]
    public void Cases_say_why_and_their_names_are_unique()
    {
        IReadOnlyList<ConformanceCase> cases = SourceConformance.For(Setup(Defect.None));
        cases.Select(c => c.Name).ShouldBeUnique();
        cases.ShouldAllBe(c => c.Why.EndsWith('.') && c.ToString() == c.Name);
    }

    [Fact]
    public void Cases_about_http_are_left_out_for_a_source_without_it() =>
        SourceConformance.For(Setup(Defect.None) with { SpeaksHttp = false }).ShouldNotContain(c => c.Name == "401 is Unauthorized");

    [Fact]
    public void A_platform_that_holds_one_completion_proves_nothing() =>
        Should.Throw<ArgumentException>(() => SourceConformance.For(Setup(Defect.None) with { Holds = ["k1"] }));

    [Fact]
    public async Task A_source_also_passes_against_the_transcript_of_its_reading()
    {
        TranscriptRecorder recorder = new(new KitPlatform(), [KitPlatform.Token]);
        await Run(SourceConformance.For(Setup(Defect.None) with { Platform = () => recorder }), "a reading at the end finds nothing new");
        Transcript loaded = Transcript.Parse(recorder.Recorded.ToJson());
        (await Failing(Setup(Defect.None) with { Platform = loaded.Play, PlatformWithAnUnreadableRecord = null, PlatformThatRepeatsAPage = null })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transcript_holds_no_secret_in_whatever_form_it_passed()
    {
        const string Secret = "p ss&w/rd+1";
        TranscriptRecorder recorder = new(new Echo(), [Secret, "p ss"]);
        using HttpClient client = new(recorder);
        using FormUrlEncodedContent form = new([new("token", Secret)]);
        using HttpResponseMessage answer = await client.PostAsync(new Uri("https://kit.example.org/login?key=" + Uri.EscapeDataString(Secret)), form, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain(Secret);
        string written = recorder.Recorded.ToJson();
        foreach (string form2 in (string[])[Secret, Uri.EscapeDataString(Secret), System.Net.WebUtility.UrlEncode(Secret), "w/rd", "w%2Frd"])
        {
            written.ShouldNotContain(form2);
        }

        recorder.Recorded.Exchanges.ShouldHaveSingleItem().Body.ShouldBe("token=SECRET-1");
    }

    [Fact]
    public async Task A_request_that_was_not_recorded_is_named()
    {
        using HttpClient client = new(new Transcript { Exchanges = [] }.Play());
        (await Should.ThrowAsync<ConformanceException>(() => client.GetAsync(new Uri("https://kit.example.org/items?from=0"), Ct))).Message.ShouldContain("GET /items?from=0");
    }

    private static SourceUnderTest Setup(Defect defect) => new()
    {
        Name = "kit",
        Create = platform => new KitSource(platform, defect),
        Platform = () => new KitPlatform(),
        Holds = ["k1", "k2", "k3", "k4", "k5"],
        OptionsType = typeof(KitOptions),
        Secrets = [KitPlatform.Token],
        OldCursors = ["v0:2"],
        Deliveries = [new() { Id = "d1", ReceivedAt = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), Body = """{"id":"k2","at":"2026-01-02T10:00:00Z"}"""u8.ToArray() }],
        PlatformWithAnUnreadableRecord = () => new KitPlatform { Odd = true },
        PlatformThatRepeatsAPage = () => new KitPlatform { Repeats = true },
    };

    private static async Task<List<string>> Failing(SourceUnderTest source)
    {
        List<string> failing = [];
        foreach (ConformanceCase conformance in SourceConformance.For(source))
        {
            try
            {
                await conformance.RunAsync(Ct);
            }
            catch (ConformanceException)
            {
                failing.Add(conformance.Name);
            }
        }

        return failing;
    }

    private static Task Run(IReadOnlyList<ConformanceCase> cases, string name) => cases.Single(c => c.Name == name).RunAsync(Ct);

    private sealed class Echo : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("you said p ss&w/rd+1") });
    }
}
