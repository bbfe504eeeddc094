using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CredSync.Adapters.Tests.Sources.Coursera;
using CredSync.Adapters.Tests.Sources.Edx;
using CredSync.Adapters.Tests.Sources.EdxBusiness;
using CredSync.Adapters.Tests.Sources.HttpJson;
using CredSync.Adapters.Tests.Sources.Moodle;
using CredSync.Adapters.Tests.Sources.Xapi;
using CredSync.Sources;
using CredSync.Sources.Http;
using CredSync.Sources.Moodle;
using CredSync.Sources.Xapi;

namespace CredSync.Adapters.Tests.Sources;

/// <summary>
/// What goes wrong between here and any platform, at every adapter that calls one: the fault has its kind and one clear sentence, the cursor stays where the last committed page left it, and once
/// the platform is well everything arrives.
/// </summary>
public sealed class EveryHttpSourceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Func<HttpMessageHandler>> Platforms = new()
    {
        ["coursera"] = () => Fill(new ScriptedCoursera(), (p, n) => p.Rows.Add(ScriptedCoursera.Row($"p{n}", "c1", 1_767_189_123_456 + n))),
        ["edx"] = () => new ScriptedEdx { Runs = { ["course-v1:NorthX+DATA101+2026_T1"] = [new("p1"), new("p2"), new("p3"), new("p4"), new("p5")] } },
        ["edx-business"] = () => Fill(new ScriptedEdxBusiness(), (p, n) => p.Rows.Add(ScriptedEdxBusiness.Row(n, "2026-01-05"))),
        ["http-json"] = () => Fill(new PlayJsonApi(), (p, n) => p.Records.Add(PlayJsonApi.Record($"p{n}"))),
        ["moodle"] = () => new ScriptedMoodle { Courses = { new ScriptedCourse(2, "C2") { Learners = [Learner.Complete(1), Learner.Complete(2), Learner.Complete(3), Learner.Complete(4), Learner.Complete(5)] } } },
        ["xapi"] = () => Fill(new ScriptedLrs(), (p, n) => p.Statements.Add(ScriptedLrs.Statement(n, $"p{n}"))),
    };

    private static readonly Dictionary<string, Func<object>> Settings = new()
    {
        ["coursera"] = CourseraSourceTests.Options,
        ["edx"] = () => EdxSourceTests.Options("course-v1:NorthX+DATA101+2026_T1"),
        ["edx-business"] = EdxBusinessSourceTests.Options,
        ["http-json"] = () => HttpJsonSourceTests.Options(),
        ["moodle"] = () => new MoodleOptions { Address = new Uri("https://moodle.example.org"), Token = new Secret("env:TOKEN", () => ScriptedMoodle.Token), PageSize = 2, ConcurrentCalls = 1 },
        ["xapi"] = () => new XapiOptions
        {
            Address = new Uri("https://lrs.example.org/xapi"), Key = new Secret("env:KEY", () => ScriptedLrs.Key), Secret = new Secret("env:SECRET", () => ScriptedLrs.Secret), PageSize = 2,
        },
    };

    private static readonly Dictionary<string, (Func<HttpResponseMessage> Answer, FaultKind Kind, string Says)> Faults = new()
    {
        ["401 that stays"] = (() => new(HttpStatusCode.Unauthorized), FaultKind.Unauthorized, "resume the source"),
        ["403 as JSON"] = (() => Answer(403, "application/json", "{\"detail\":\"no\"}"), FaultKind.Misconfigured, "HTTP 403"),
        ["404 of a wrong address"] = (() => Answer(404, "text/html", "<html>Not here</html>"), FaultKind.Misconfigured, "HTTP 404"),
        ["410"] = (() => new(HttpStatusCode.Gone), FaultKind.Misconfigured, "HTTP 410"),
        ["418, which nobody expects"] = (() => new((HttpStatusCode)418), FaultKind.Broken, "HTTP 418"),
        ["a redirect"] = (() => new(HttpStatusCode.Redirect) { Headers = { Location = new Uri("https://elsewhere.example.org/") } }, FaultKind.Misconfigured, "redirects"),
        ["408"] = (() => new(HttpStatusCode.RequestTimeout), FaultKind.Outage, "HTTP 408"),
        ["500"] = (() => new(HttpStatusCode.InternalServerError), FaultKind.Outage, "HTTP 500"),
        ["502"] = (() => new(HttpStatusCode.BadGateway), FaultKind.Outage, "HTTP 502"),
        ["503 with a page"] = (() => Answer(503, "text/html", "<html>Maintenance</html>"), FaultKind.Outage, "HTTP 503"),
        ["504"] = (() => new(HttpStatusCode.GatewayTimeout), FaultKind.Outage, "HTTP 504"),
        ["429 with seconds"] = (() => Patience(new RetryConditionHeaderValue(TimeSpan.FromHours(1))), FaultKind.RateLimited, "HTTP 429"),
        ["429 with a date"] = (() => Patience(new RetryConditionHeaderValue(Now.AddHours(1))), FaultKind.RateLimited, "HTTP 429"),
        ["a log-in page with status 200"] = (() => Answer(200, "text/html", "<!DOCTYPE html><html>Log in</html>"), FaultKind.Broken, "web page"),
        ["a log-in page that says it is JSON"] = (() => Answer(200, "application/json", "\n<!DOCTYPE html><html>Log in</html>"), FaultKind.Broken, "web page"),
        ["XML"] = (() => Answer(200, "application/xml", "<?xml version=\"1.0\"?><root/>"), FaultKind.Broken, "XML"),
        ["an error envelope with status 200"] = (() => Answer(200, "application/json", "{\"error\":{\"message\":\"something of ada@example.org\"}}"), FaultKind.Broken, ""),
        ["truncated JSON"] = (() => Answer(200, "application/json", "{\"elements\":[{\"id\":\"a"), FaultKind.Broken, ""),
        ["nothing at all"] = (() => Answer(200, "application/json", ""), FaultKind.Broken, "empty"),
        ["JSON of another shape"] = (() => Answer(200, "application/json", "\"maintenance\""), FaultKind.Broken, ""),
        ["a refused connection"] = (() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused 10.0.0.7"), FaultKind.Outage, "cannot be reached"),
        ["a connection that breaks"] = (() => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended"), FaultKind.Outage, "broke in mid-answer"),
        ["an unknown host"] = (() => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"), FaultKind.Outage, "DNS"),
        ["a bad certificate"] = (() => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "tls"), FaultKind.Outage, "secure connection"),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Everything => [.. from adapter in Platforms.Keys from fault in Faults.Keys select (adapter, fault)];

    public static TheoryData<string> Adapters => [.. Platforms.Keys];

    internal static object SettingsOf(string adapter) => Settings[adapter]();

    /// <summary>A platform with five completions, and how each is hidden and shown again.</summary>
    internal static (HttpMessageHandler Platform, IList<Action> Hide, IList<Action> Show) Play(string adapter)
    {
        HttpMessageHandler platform = Platforms[adapter]();
        return platform switch
        {
            ScriptedCoursera coursera => Acts(platform, coursera.Rows),
            ScriptedEdx edx => Acts(platform, edx.Runs.Values.Single()),
            ScriptedEdxBusiness business => Acts(platform, business.Rows),
            PlayJsonApi api => Acts(platform, api.Records),
            ScriptedMoodle moodle => Acts(platform, moodle.Courses.Single().Learners),
            ScriptedLrs lrs => Acts(platform, lrs.Statements),
            _ => throw new InvalidOperationException(adapter),
        };

        static (HttpMessageHandler, IList<Action>, IList<Action>) Acts<T>(HttpMessageHandler platform, List<T> rows)
        {
            List<T> all = [.. rows];
            return (platform, [.. all.Select(row => (Action)(() => rows.Remove(row)))], [.. all.Select((row, place) => (Action)(() => rows.Insert(Math.Min(place, rows.Count), row)))]);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_fault_has_its_kind_and_sentence_moves_no_cursor_and_loses_nothing(string adapter, string fault)
    {
        (Func<HttpResponseMessage> answer, FaultKind kind, string says) = Faults[fault];
        Interruption platform = new(Platforms[adapter]());
        await using SourceBench bench = new(platform, new InstantTime());
        ICompletionSource source = bench.Create(adapter, Settings[adapter]());
        TestLedger ledger = new();
        await ledger.ReadAsync(source, Ct, pages: 1);
        Cursor? before = ledger.Cursor;
        platform.Instead = answer;
        SourceException seen = await ledger.ReadFaultAsync(bench.Create(adapter, Settings[adapter]()), Ct);
        seen.Kind.ShouldBe(kind, seen.Message);
        seen.Message.ShouldContain(says);
        seen.Message.ShouldEndWith(".");
        seen.Message.ShouldNotContain("\n");
        seen.Message.ShouldNotContain("10.0.0.7");
        seen.RetryAfter.ShouldBe(kind == FaultKind.RateLimited ? TimeSpan.FromHours(1) : seen.RetryAfter);
        ledger.Cursor.ShouldBe(before);
        platform.Instead = null;
        await ledger.ReadAsync(source, Ct);
        ledger.Completions.Count.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_hiccup_of_each_kind_is_retried_and_nobody_notices(string adapter)
    {
        foreach (string hiccup in new[] { "408", "500", "502", "503 with a page", "504", "a connection that breaks", "a refused connection" })
        {
            Interruption platform = new(Platforms[adapter]()) { Instead = Faults[hiccup].Answer, Every = 3 };
            await using SourceBench bench = new(platform, new InstantTime());
            TestLedger ledger = new();
            await ledger.ReadAsync(bench.Create(adapter, Settings[adapter]()), Ct);
            ledger.Completions.Count.ShouldBe(5, hiccup);
            platform.Hits.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData("coursera", 400, FaultKind.Misconfigured, "22 characters")]
    [InlineData("edx", 400, FaultKind.Broken, "HTTP 400")]
    [InlineData("edx-business", 400, FaultKind.Broken, "HTTP 400")]
    [InlineData("http-json", 400, FaultKind.Broken, "HTTP 400")]
    [InlineData("moodle", 400, FaultKind.Broken, "HTTP 400")]
    [InlineData("xapi", 400, FaultKind.Broken, "HTTP 400")]
    [InlineData("xapi", 409, FaultKind.Broken, "HTTP 409")]
    [InlineData("xapi", 412, FaultKind.Broken, "HTTP 412")]
    [InlineData("xapi", 413, FaultKind.Broken, "HTTP 413")]
    public async Task What_only_this_platform_means_by_a_status_has_its_kind(string adapter, int status, FaultKind kind, string says)
    {
        Interruption platform = new(Platforms[adapter]()) { Instead = () => Answer(status, "application/json", "{\"message\":\"ada@example.org\"}") };
        await using SourceBench bench = new(platform, new InstantTime());
        TestLedger ledger = new();
        SourceException seen = await ledger.ReadFaultAsync(bench.Create(adapter, Settings[adapter]()), Ct);
        seen.Kind.ShouldBe(kind, seen.Message);
        seen.Message.ShouldContain(says);
        seen.Message.ShouldNotContain("ada@");
        platform.Hits.ShouldBe(1);
        ledger.Cursor.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_token_that_is_refused_once_is_minted_again_where_tokens_are_minted(string adapter)
    {
        int left = 1;
        Interruption platform = new(Platforms[adapter]()) { Instead = () => Interlocked.Decrement(ref left) >= 0 ? new HttpResponseMessage(HttpStatusCode.Unauthorized) : null };
        await using SourceBench bench = new(platform, new InstantTime());
        TestLedger ledger = new();
        ICompletionSource source = bench.Create(adapter, Settings[adapter]());
        if (adapter is "http-json" or "moodle" or "xapi")
        {
            (await ledger.ReadFaultAsync(source, Ct)).Kind.ShouldBe(FaultKind.Unauthorized);
        }

        await ledger.ReadAsync(source, Ct);
        ledger.Completions.Count.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_platform_that_never_answers_is_an_outage(string adapter)
    {
        Interruption platform = new(Platforms[adapter]()) { Hangs = true };
        await using SourceBench bench = new(platform, new InstantTime(), new SourceHttpSettings { Tries = 1, TryTimeout = TimeSpan.FromMilliseconds(30), BreakAfter = 1000 });
        TestLedger ledger = new();
        SourceException seen = await ledger.ReadFaultAsync(bench.Create(adapter, Settings[adapter]()), Ct);
        (seen.Kind, ledger.Cursor).ShouldBe((FaultKind.Outage, null));
        seen.Message.ShouldContain("did not answer within 0.03 s");
    }

    [Theory]
    [InlineData("edx", HttpStatusCode.NotFound)]
    [InlineData("edx-business", HttpStatusCode.NotFound)]
    [InlineData("http-json", HttpStatusCode.Gone)]
    [InlineData("http-json", HttpStatusCode.BadRequest)]
    [InlineData("xapi", HttpStatusCode.NotFound)]
    [InlineData("xapi", HttpStatusCode.BadRequest)]
    public async Task A_stored_link_that_the_platform_forgot_is_begun_anew_and_one_that_it_has_just_named_is_broken(string adapter, HttpStatusCode status)
    {
        int forgets = 0;
        Interruption platform = new(Platforms[adapter]())
        {
            InsteadOfLink = () => Interlocked.Decrement(ref forgets) >= 0 ? Answer((int)status, "application/json", "{\"detail\":\"Invalid cursor\"}") : null,
        };
        await using SourceBench bench = new(platform, new InstantTime());
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create(adapter, Settings[adapter]()), Ct, pages: 1);
        forgets = 1;
        await ledger.ReadAsync(bench.Create(adapter, Settings[adapter]()), Ct);
        ledger.Completions.Count.ShouldBe(5);
        ledger.Unreadable.ShouldBeEmpty();
        forgets = int.MaxValue;
        TestLedger other = new();
        (await other.ReadFaultAsync(bench.Create(adapter, Settings[adapter]()), Ct)).Kind.ShouldBe(FaultKind.Broken);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task The_check_tells_of_a_clock_that_differs(string adapter)
    {
        InstantTime time = new();
        foreach ((int ahead, CheckOutcome outcome) in new[] { (-20, CheckOutcome.Passed), (400, CheckOutcome.Warning), (-7200, CheckOutcome.Warning) })
        {
            Interruption platform = new(Platforms[adapter]()) { Date = time.Now.AddSeconds(ahead) };
            await using SourceBench bench = new(platform, time);
            CheckResult clock = (await ((ICheckable)bench.Create(adapter, Settings[adapter]())).CheckAsync(Ct)).Single(r => r.Name == "clock");
            clock.Outcome.ShouldBe(outcome, clock.Sentence);
            (clock.Remedy is not null).ShouldBe(outcome == CheckOutcome.Warning);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Read_again_and_again_it_says_the_same_of_the_same(string adapter)
    {
        await using SourceBench bench = new(Platforms[adapter](), new InstantTime());
        ICompletionSource source = bench.Create(adapter, Settings[adapter]());
        TestLedger ledger = new();
        for (int reading = 0; reading < 3; reading++)
        {
            await ledger.ReadAsync(source, Ct);
        }

        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Count.ShouldBe(5);
        ledger.Yielded.GroupBy(c => c.Key).ShouldAllBe(told => told.Select(Core(told.First())).Distinct().Count() == 1);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_backfill_makes_no_call_while_others_want_the_turns_of_its_host_and_none_beyond_the_budget(string adapter)
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(Now);
        SourceHttpSettings settings = new() { FirstWait = TimeSpan.FromMilliseconds(1), BreakAfter = 1000 };
        Counted platform = new(Platforms[adapter]());
        await using SourceBench bench = new(platform, time, settings);
        TestLedger ledger = new();
        Task<int> backfill = BackfillAsync();
        await UntilAsync(() => platform.Calls == 1);
        CallBudget budget = settings.Budgets.Of(new Uri("https://" + platform.Hosts.Single()), time);
        for (int tick = 0; tick < 5; tick++)
        {
            Task live = budget.WaitAsync(60, Ct);
            time.Advance(TimeSpan.FromSeconds(1));
            await live;
            await Task.Yield();
            platform.Calls.ShouldBe(1, "whoever brings what happens now goes first");
        }

        int seconds = 0;
        while (!backfill.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            platform.Calls.ShouldBeLessThanOrEqualTo(1 + seconds);
            await Task.Yield();
            Ct.ThrowIfCancellationRequested();
        }

        (await backfill).ShouldBeGreaterThan(0);
        ledger.Completions.Count.ShouldBe(5);

        // As the worker does: said once, it flows with the calls of this method.
        async Task<int> BackfillAsync()
        {
            Backfill.Set(true);
            return await ledger.ReadAsync(bench.Create(adapter, Settings[adapter](), new CredSync.Registration.SourceIdentity("first") { CallsPerMinute = 60 }), Ct);
        }

        static async Task UntilAsync(Func<bool> condition)
        {
            while (!condition())
            {
                Ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private static Func<Completions.Completion, string> Core(Completions.Completion _) => c => $"{c.Status} {c.CompletedAt:O} {c.CompletedAtPrecision} {c.Score} {c.Course.Key}";

    private static T Fill<T>(T platform, Action<T, int> add)
    {
        for (int n = 1; n <= 5; n++)
        {
            add(platform, n);
        }

        return platform;
    }

    private static HttpResponseMessage Answer(int status, string type, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };

    private static HttpResponseMessage Patience(RetryConditionHeaderValue wait) => new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = wait, Date = Now } };

    /// <summary>Counts the calls and the hosts that they go to.</summary>
    private sealed class Counted(HttpMessageHandler platform) : DelegatingHandler(platform)
    {
        private readonly Lock gate = new();
        private readonly HashSet<string> hosts = [];
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public IReadOnlyCollection<string> Hosts
        {
            get
            {
                lock (gate)
                {
                    return [.. hosts];
                }
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                hosts.Add(request.RequestUri!.Authority);
            }

            Interlocked.Increment(ref calls);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Lets tokens be fetched, and answers other requests in another's stead, all or every so many.</summary>
    private sealed class Interruption(HttpMessageHandler platform) : DelegatingHandler(platform)
    {
        private int seen;

        public Func<HttpResponseMessage?>? Instead { get; set; }

        public int Every { get; init; } = 1;

        /// <summary>Instead of the answer to a link or cursor that the platform named.</summary>
        public Func<HttpResponseMessage?>? InsteadOfLink { get; init; }

        /// <summary>What time the platform says it has.</summary>
        public DateTimeOffset? Date { get; init; }

        public bool Hangs { get; init; }

        public int Hits { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (InsteadOfLink is { } forgotten && (request.RequestUri!.Query.Contains("cursor=", StringComparison.Ordinal) || request.RequestUri.Query.Contains("?page=", StringComparison.Ordinal))
                && forgotten() is { } refusal)
            {
                return refusal;
            }

            if (Instead is { } answer && !request.RequestUri!.AbsolutePath.Contains("token", StringComparison.Ordinal) && Interlocked.Increment(ref seen) % Every == 0)
            {
                Hits++;
                if (answer() is { } other)
                {
                    return other;
                }
            }

            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            response.Headers.Date = Date;
            return response;
        }
    }
}
