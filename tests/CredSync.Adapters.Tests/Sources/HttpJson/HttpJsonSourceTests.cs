using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Completions;
using CredSync.Sources;
using CredSync.Sources.HttpJson;

namespace CredSync.Adapters.Tests.Sources.HttpJson;

public sealed class HttpJsonSourceTests
{
    private readonly TestLedger ledger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static HttpJsonOptions Options(HttpJsonPaging paging = HttpJsonPaging.NextLink, HttpJsonAuth auth = HttpJsonAuth.Bearer, string? next = "next") => new()
    {
        Address = new Uri("https://api.example.org/v1/completions"),
        Auth = auth,
        Username = "credsync",
        Password = new Secret("env:API_PASSWORD", () => PlayJsonApi.Secret),
        Token = new Secret("env:API_TOKEN", () => PlayJsonApi.Secret),
        TokenAddress = new Uri("https://api.example.org/token"),
        ClientId = new Secret("env:API_ID", () => "api-client"),
        ClientSecret = new Secret("env:API_SECRET", () => PlayJsonApi.Secret),
        Items = "data.items",
        Paging = paging,
        Next = next,
        PageSize = 2,
        Fields = new Dictionary<string, string>
        {
            ["external_id"] = "user.number", ["email"] = "user.emails[0]", ["course"] = "course.code", ["title"] = "course.title",
            ["completed_at"] = "finished", ["updated_at"] = "changed", ["score"] = "result",
        },
        CompletedWhen = new Dictionary<string, string> { ["state"] = "done" },
    };

    [Theory]
    [InlineData(HttpJsonPaging.NextLink, HttpJsonAuth.Bearer, "next")]
    [InlineData(HttpJsonPaging.NextLink, HttpJsonAuth.None, null)]
    [InlineData(HttpJsonPaging.Page, HttpJsonAuth.Basic, null)]
    [InlineData(HttpJsonPaging.Offset, HttpJsonAuth.ApiKey, null)]
    [InlineData(HttpJsonPaging.Cursor, HttpJsonAuth.Oauth2, "next")]
    [InlineData(HttpJsonPaging.None, HttpJsonAuth.Bearer, null)]
    internal async Task Every_way_of_paging_and_of_saying_who_asks_finds_everything(HttpJsonPaging paging, HttpJsonAuth auth, string? next)
    {
        PlayJsonApi api = new() { Paging = paging, Auth = auth, LinkInHeader = next is null };
        for (int i = 1; i <= 5; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}", day: i));
        }

        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(paging, auth, next), "api"), Ct);
        ledger.Completions.Count.ShouldBe(5);
        Completion first = ledger.Completions[new("api", "external_id:p1~C1")];
        (first.CompletedAt, first.Score?.Scaled, first.Course.Title).ShouldBe((new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero), 0.875m, "Course C1"));
        first.Identifiers.ShouldBe([new PersonIdentifier("external_id", "p1", true), new PersonIdentifier("email", "p1@example.org", false)]);
    }

    [Fact]
    public async Task With_a_parameter_for_it_only_what_changed_since_is_asked_for_with_an_overlap()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.None };
        api.Records.Add(PlayJsonApi.Record("a", day: 2));
        await using SourceBench bench = new(api);
        HttpJsonOptions options = Options(HttpJsonPaging.None, next: null);
        options.SinceParameter = "changed_after";
        await ledger.ReadAsync(bench.Create("http-json", options, "api"), Ct);
        api.Records.Add(PlayJsonApi.Record("b", day: 3));
        await ledger.ReadAsync(bench.Create("http-json", options, "api"), Ct);
        ledger.Completions.Count.ShouldBe(2);
        api.Requests.ShouldBe(["/v1/completions", "/v1/completions?changed_after=2026-01-02T08%3A00%3A00Z"]);
    }

    [Fact]
    public async Task What_is_dated_ahead_of_the_clock_does_not_move_the_place_to_go_on_from()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.None };
        api.Records.Add(PlayJsonApi.Record("a", day: 2));
        api.Records.Add(PlayJsonApi.Record("b", day: 2));
        api.Records[1]["changed"] = "2099-01-01T00:00:00Z";
        await using SourceBench bench = new(api, new InstantTime());
        HttpJsonOptions options = Options(HttpJsonPaging.None, next: null);
        options.SinceParameter = "changed_after";
        await ledger.ReadAsync(bench.Create("http-json", options, "api"), Ct);
        await ledger.ReadAsync(bench.Create("http-json", options, "api"), Ct);
        api.Requests[^1].ShouldBe("/v1/completions?changed_after=2026-01-02T08%3A00%3A00Z");
    }

    [Theory]
    [InlineData(HttpJsonPaging.Page)]
    [InlineData(HttpJsonPaging.Offset)]
    internal async Task A_page_shorter_than_was_asked_for_is_not_the_last_one(HttpJsonPaging paging)
    {
        PlayJsonApi api = new() { Paging = paging, PageSize = 2 };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        HttpJsonOptions options = Options(paging, next: null);
        options.PageSize = 100;
        await ledger.ReadAsync(bench.Create("http-json", options, "api"), Ct);
        ledger.Completions.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_page_beyond_the_last_that_is_refused_is_the_end()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.Page, RefusesPagesBeyond = true };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(HttpJsonPaging.Page, next: null), "api"), Ct);
        ledger.Completions.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(HttpJsonPaging.Page)]
    [InlineData(HttpJsonPaging.Offset)]
    internal async Task An_API_that_does_not_know_the_parameter_of_the_page_is_a_fault_and_no_endless_loop(HttpJsonPaging paging)
    {
        PlayJsonApi api = new() { Paging = paging };
        api.Records.Add(PlayJsonApi.Record("a"));
        api.Records.Add(PlayJsonApi.Record("b"));
        api.Records.Add(PlayJsonApi.Record("c"));
        await using SourceBench bench = new(api);
        HttpJsonOptions options = Options(paging, next: null);
        options.PageParameter = "another";
        (await ledger.ReadFaultAsync(bench.Create("http-json", options, "api"), Ct)).Kind.ShouldBe(FaultKind.Broken);
    }

    [Theory]
    [InlineData("0.0", FaultKind.RateLimited)]
    [InlineData("412.5", FaultKind.Misconfigured)]
    [InlineData(null, FaultKind.Misconfigured)]
    public async Task Forbidden_with_nothing_left_of_an_allowance_is_patience_and_not_a_missing_right(string? left, FaultKind kind)
    {
        PlayJsonApi api = new()
        {
            Instead = () =>
            {
                HttpResponseMessage refusal = new(System.Net.HttpStatusCode.Forbidden);
                if (left is not null)
                {
                    refusal.Headers.Add("X-Rate-Limit-Remaining", left);
                }

                return refusal;
            },
        };
        await using SourceBench bench = new(api);
        (await ledger.ReadFaultAsync(bench.Create("http-json", Options(), "api"), Ct)).Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("""<https://api.example.org/v1/completions?cursor=2&ids=1,2>; rel="next", <https://api.example.org/v1/completions?cursor=0>; rel="first" """, true)]
    [InlineData("<https://api.example.org/v1/completions?cursor=2>; title=\"x\"; rel=next", true)]
    [InlineData("<https://api.example.org/v1/completions?cursor=2>; rel=\"last next\"", true)]
    [InlineData("<https://api.example.org/v1/completions?cursor=2>; rel=\"prev\", <https://api.example.org/v1/completions?cursor=2>; rel=\"nextish\"", false)]
    public async Task Links_in_the_header_are_read_as_the_standard_says(string links, bool leadsOn)
    {
        PlayJsonApi api = new() { LinkInHeader = true, Links = links };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(next: null), "api"), Ct);
        ledger.Completions.Count.ShouldBe(leadsOn ? 4 : 2);
    }

    [Fact]
    public async Task An_address_that_serves_as_a_number_is_not_in_the_key()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.None };
        api.Records.Add(PlayJsonApi.Record("Ada@Example.org"));
        api.Records.Add(PlayJsonApi.Record("ada@example.org"));
        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(HttpJsonPaging.None, next: null), "api"), Ct);
        Completion one = ledger.Completions.Values.ShouldHaveSingleItem();
        one.Key.NaturalKey.ShouldNotContain("@");
        one.Identifiers[0].Value.ShouldBe("ada@example.org");
    }

    [Fact]
    public async Task Records_that_are_no_completions_are_passed_over_and_those_that_cannot_be_read_are_set_aside()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.None };
        api.Records.Add(PlayJsonApi.Record("a", state: "started"));
        api.Records.Add(PlayJsonApi.Record("b"));
        api.Records[1]["finished"] = null;
        api.Records.Add(PlayJsonApi.Record("c"));
        api.Records[2]["finished"] = "yesterday";
        api.Records.Add(PlayJsonApi.Record("d"));
        api.Records[3].Remove("course");
        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(HttpJsonPaging.None, next: null), "api"), Ct);
        ledger.Completions.ShouldBeEmpty();
        ledger.Unreadable.Select(u => u.Cause).ShouldBe(["completion-without-date", "record-time-malformed", "record-without-course"]);
    }

    [Theory]
    [InlineData(HttpJsonPaging.Cursor, "long", "more than 2000 characters")]
    [InlineData(HttpJsonPaging.NextLink, "long", "more than 2000 characters")]
    [InlineData(HttpJsonPaging.NextLink, "{\"href\":\"/v1/completions?cursor=2\"}", "correct 'next'")]
    [InlineData(HttpJsonPaging.Cursor, "{\"after\":\"2\"}", "correct 'next'")]
    [InlineData(HttpJsonPaging.Cursor, "[\"2\"]", "correct 'next'")]
    [InlineData(HttpJsonPaging.Cursor, "true", "correct 'next'")]
    [InlineData(HttpJsonPaging.NextLink, "\"https://elsewhere.example.org/v1/completions?cursor=2\"", "another host")]
    internal async Task What_names_the_next_page_but_cannot_be_followed_is_a_fault_and_not_the_end(HttpJsonPaging paging, string next, string says)
    {
        PlayJsonApi api = new() { Paging = paging, NamesNext = () => next == "long" ? "/v1/completions?cursor=" + new string('x', 2100) : JsonNode.Parse(next) };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        SourceException fault = await ledger.ReadFaultAsync(bench.Create("http-json", Options(paging), "api"), Ct);
        (fault.Kind, ledger.Cursor).ShouldBe((FaultKind.Broken, null));
        fault.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    public async Task Nothing_null_false_and_an_empty_text_are_the_end(string next)
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.Cursor, NamesNext = () => JsonNode.Parse(next) };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(HttpJsonPaging.Cursor), "api"), Ct);
        ledger.Completions.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(HttpJsonPaging.NextLink, "next", null, CheckOutcome.Passed)]
    [InlineData(HttpJsonPaging.Cursor, "next", null, CheckOutcome.Passed)]
    [InlineData(HttpJsonPaging.Cursor, "meta.next", null, CheckOutcome.NotChecked)]
    [InlineData(HttpJsonPaging.Page, null, null, CheckOutcome.Passed)]
    [InlineData(HttpJsonPaging.Offset, null, null, CheckOutcome.Passed)]
    [InlineData(HttpJsonPaging.Offset, null, "skip", CheckOutcome.Failed)]
    internal async Task The_check_asks_for_a_second_page_and_tells_when_it_is_the_first_again_or_none_is_named(HttpJsonPaging paging, string? next, string? parameter, CheckOutcome outcome)
    {
        PlayJsonApi api = new() { Paging = paging };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        await using SourceBench bench = new(api);
        HttpJsonOptions options = Options(paging, next: next);
        options.PageParameter = parameter;
        CheckResult result = (await ((ICheckable)bench.Create("http-json", options, "api")).CheckAsync(Ct)).Single(r => r.Name == "paging");
        result.Outcome.ShouldBe(outcome, result.Sentence);
        (result.Remedy is null).ShouldBe(outcome == CheckOutcome.Passed);
    }

    [Theory]
    [InlineData(HttpJsonPaging.Cursor, "record 1", "record 3")]
    [InlineData(HttpJsonPaging.Offset, "record 1", "record 3")]
    [InlineData(HttpJsonPaging.Page, "record 1", "record 1 of page 2")]
    internal async Task What_is_set_aside_at_the_same_place_of_two_pages_is_told_apart(HttpJsonPaging paging, string one, string other)
    {
        PlayJsonApi api = new() { Paging = paging };
        for (int i = 1; i <= 4; i++)
        {
            api.Records.Add(PlayJsonApi.Record($"p{i}"));
        }

        api.Records[0]["finished"] = "yesterday";
        api.Records[2]["finished"] = "yesterday";
        await using SourceBench bench = new(api);
        await ledger.ReadAsync(bench.Create("http-json", Options(paging), "api"), Ct);
        ledger.Unreadable.Select(r => r.Reference).ShouldBe([one, other]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.b[0][1].c")]
    [InlineData("[2].a")]
    public void Paths_are_names_joined_by_dots_and_places_in_brackets(string path) => JsonPath.TryParse(path).ShouldNotBeNull();

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[]")]
    [InlineData("a]0[")]
    public void Anything_else_is_no_path(string path) => JsonPath.TryParse(path).ShouldBeNull();

    [Fact]
    public void Times_are_read_as_the_settings_say()
    {
        HttpJsonOptions options = Options();
        options.Fields = new Dictionary<string, string> { ["email"] = "e", ["course"] = "c", ["completed_at"] = "t" };
        options.CompletedWhen = new Dictionary<string, string>();
        Completion Map(string time)
        {
            using JsonDocument json = JsonDocument.Parse($$"""{"e":"a@example.org","c":7,"t":{{time}}}""");
            return new HttpJsonMapping("api", options).Map(json.RootElement, "record 1").Completion!;
        }

        (Map("\"2026-01-31\"").CompletedAt, Map("\"2026-01-31\"").CompletedAtPrecision).ShouldBe((new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero), TimePrecision.Date));
        Map("\"2026-01-31 20:28:10.976084+00:00\"").CompletedAt.ShouldBe(new DateTimeOffset(2026, 1, 31, 20, 28, 10, 976, 84, TimeSpan.Zero));
        options.TimeFormat = HttpJsonTime.EpochMilliseconds;
        Map("1767189123456").CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1767189123456));
        options.TimeFormat = HttpJsonTime.EpochSeconds;
        Map("\"1767189123\"").CompletedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1767189123));
    }

    [Fact]
    public void What_does_not_go_together_is_told_where_it_stands()
    {
        HttpJsonOptions options = Options(HttpJsonPaging.Cursor, HttpJsonAuth.Basic, next: null);
        options.Password = null;
        options.Fields = new Dictionary<string, string> { ["email"] = "a..b", ["colour"] = "c", ["course"] = "c" };
        options.Validate(new ValidationContext(options)).Select(r => r.MemberNames.Single()).ShouldBe(["Password", "Next", "Fields", "Fields.email", "Fields.colour"]);
    }

    [Fact]
    public async Task An_answer_without_the_list_is_a_fault_and_not_an_empty_page()
    {
        PlayJsonApi api = new() { Paging = HttpJsonPaging.None };
        await using SourceBench bench = new(api);
        HttpJsonOptions options = Options(HttpJsonPaging.None, next: null);
        options.Items = "results";
        (await ledger.ReadFaultAsync(bench.Create("http-json", options, "api"), Ct)).Kind.ShouldBe(FaultKind.Broken);
    }
}
