using System.Net;
using System.Text;
using CredSync.Conformance;
using CredSync.Conformance.Sources;
using CredSync.Sources;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>The cases that only read, for <c>credsync check NAME --conformance</c>: each broken source is caught by exactly the case about its defect.</summary>
public sealed class LiveConformanceTests
{
    private const string Empty = "there is something to read";

    private static readonly Dictionary<Defect, string> CaughtBy = new()
    {
        [Defect.KeepsMarkup] = "completions are whole",
        [Defect.LocalTimes] = "times are UTC",
        [Defect.CursorStays] = "every page moves the cursor",
        [Defect.DatesByReading] = "the same reading gives the same completions",
        [Defect.RemembersItsPlace] = "resumes from every page's cursor without loss",
        [Defect.TakesAnyCursor] = "a foreign cursor says so",
        [Defect.IgnoresCancellation] = "cancelling ends the reading",
        [Defect.TokenInTheAddress] = "no secret is in an address",
        [Defect.TokenInTheCursor] = "no secret is in what is yielded",
    };

    public static TheoryData<Defect> Defects => [Defect.None, .. CaughtBy.Keys];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Each_defect_is_caught_by_exactly_the_case_that_is_about_it(Defect defect)
    {
        string[] expected = CaughtBy.TryGetValue(defect, out string? name) ? [name] : [];
        (await Failing(Source(defect))).ShouldBe(expected);
    }

    [Fact]
    public async Task Every_case_that_only_reads_has_a_broken_source_that_it_catches()
    {
        HashSet<string> caught = [.. CaughtBy.Values];
        foreach (Type options in (Type[])[typeof(UndescribedOptions), typeof(RefusedDefaultOptions)])
        {
            caught.Add((await Failing(Source(Defect.None) with { OptionsType = options })).ShouldHaveSingleItem());
        }

        caught.Add((await Failing(Source(Defect.None, () => new Nothing()))).ShouldHaveSingleItem());
        caught.ShouldContain(Empty);
        SourceConformance.ReadOnly(Source(Defect.None)).Select(c => c.Name).Order().ShouldBe(caught.Order());
    }

    [Fact]
    public async Task A_platform_that_cannot_be_read_is_told_as_its_fault_not_as_the_sources()
    {
        ConformanceCase whole = SourceConformance.ReadOnly(Source(Defect.None, () => new Unwell())).Single(c => c.Name == "completions are whole");
        (await Should.ThrowAsync<SourceException>(() => whole.RunAsync(Ct))).Kind.ShouldBe(FaultKind.Outage);
    }

    [Fact]
    public async Task What_the_platform_says_it_changed_is_not_held_against_the_source()
    {
        int made = 0;
        LiveSource changing = Source(Defect.None) with { Create = around => new Changing(around(new KitPlatform()), ++made) };
        (await Failing(changing)).ShouldBe([]);
    }

    [Fact]
    public async Task No_more_pages_are_read_than_allowed_and_the_sample_is_read_once()
    {
        List<string> addresses = [];
        LiveSource source = Source(Defect.None, () => new Noting(new KitPlatform(), addresses)) with { Pages = 1 };
        foreach (ConformanceCase conformance in SourceConformance.ReadOnly(source))
        {
            await conformance.RunAsync(Ct);
        }

        addresses.ShouldBe(["/items?from=0", "/items?from=0"], "once for all cases, and once for the case that reads again");
    }

    private static LiveSource Source(Defect defect, Func<HttpMessageHandler>? platform = null) => new()
    {
        Name = "kit",
        Create = around => new KitSource(around(platform?.Invoke() ?? new KitPlatform()), defect),
        OptionsType = typeof(KitOptions),
        Secrets = [KitPlatform.Token],
    };

    private static async Task<List<string>> Failing(LiveSource source)
    {
        List<string> failing = [];
        foreach (ConformanceCase conformance in SourceConformance.ReadOnly(source))
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

    private sealed class Nothing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"items":[],"more":false,"from":0}""", Encoding.UTF8, "application/json") });
    }

    private sealed class Unwell : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway));
    }

    private sealed class Noting(HttpMessageHandler platform, List<string> addresses) : DelegatingHandler(platform)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            addresses.Add(request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A platform on which every record is corrected, and says so, between any two readings.</summary>
    private sealed class Changing(HttpMessageHandler platform, int reading) : ICompletionSource
    {
        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (SourcePage page in new KitSource(platform, Defect.None).ReadAsync(read, ct))
            {
                yield return page with { Completions = [.. page.Completions.Select(c => c with { Score = new() { Raw = reading }, SourceUpdatedAt = new DateTimeOffset(2026, 3, 1, 0, 0, reading, TimeSpan.Zero) })] };
            }
        }
    }
}
