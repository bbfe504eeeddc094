using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Adapters.Tests.Conformance;
using CredSync.Adapters.Tests.Golden;
using CredSync.Adapters.Tests.Sources.Coursera;
using CredSync.Adapters.Tests.Sources.Csv;
using CredSync.Adapters.Tests.Sources.Edx;
using CredSync.Adapters.Tests.Sources.Hooks;
using CredSync.Adapters.Tests.Sources.Http;
using CredSync.Adapters.Tests.Sources.HttpJson;
using CredSync.Adapters.Tests.Sources.Moodle;
using CredSync.Adapters.Tests.Sources.Xapi;
using CredSync.Completions;

namespace CredSync.Adapters.Tests.Sources;

/// <summary>
/// The cases that every adapter should carry (source-apis.md section 6.7): those that can be played at all adapters alike are played here, and a table says for each case and adapter which test carries it, or why
/// it cannot arise there. What concerns deliveries at the door (replays, stale times, several signatures) is tested beside the door, in CredSync.Host.Tests.
/// </summary>
public sealed class EveryCaseTests
{
    private static readonly string[] Grades = ["grade", "percent", "letter_grade", "current_grade", "result", "graderaw", "scaled"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Adapters => EveryHttpSourceTests.Adapters;

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task An_empty_page_is_no_fault_before_and_takes_nothing_back_after(string adapter)
    {
        InstantTime time = new();
        (HttpMessageHandler platform, IList<Action> hide, IList<Action> show) = EveryHttpSourceTests.Play(adapter);
        await using SourceBench bench = new(platform, time);
        TestLedger ledger = new();
        Do(hide);
        await ledger.ReadAsync(bench.Create(adapter, EveryHttpSourceTests.SettingsOf(adapter)), Ct);
        (ledger.Completions.Count, ledger.Unreadable.Count).ShouldBe((0, 0));
        Do(show);
        await ledger.ReadAsync(bench.Create(adapter, EveryHttpSourceTests.SettingsOf(adapter)), Ct);
        ledger.Completions.Count.ShouldBe(5);
        Do(hide);
        for (int reading = 0; reading < 3; reading++)
        {
            time.Now += TimeSpan.FromDays(8);
            await ledger.ReadAsync(bench.Create(adapter, EveryHttpSourceTests.SettingsOf(adapter)), Ct);
        }

        ledger.Yielded.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_row_that_is_missing_once_and_then_back_is_the_same_fact(string adapter)
    {
        InstantTime time = new();
        (HttpMessageHandler platform, IList<Action> hide, IList<Action> show) = EveryHttpSourceTests.Play(adapter);
        await using SourceBench bench = new(platform, time);
        TestLedger ledger = new();
        await ReadAsync();
        string[] before = Facts();
        hide[2]();
        await ReadAsync();
        show[2]();
        await ReadAsync();
        Facts().ShouldBe(before);
        ledger.Yielded.ShouldAllBe(c => c.Status == CompletionStatus.Completed);

        async Task ReadAsync()
        {
            time.Now += TimeSpan.FromDays(8);
            await ledger.ReadAsync(bench.Create(adapter, EveryHttpSourceTests.SettingsOf(adapter)), Ct);
        }

        string[] Facts() => [.. ledger.Completions.Values.Select(c => $"{c.Key} {c.Status} {c.CompletedAt:O} {c.Score?.Scaled}").Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Numbers_may_come_as_text(string adapter)
    {
        TestLedger plain = await ReadAsync(adapter, _ => { });
        TestLedger texts = await ReadAsync(adapter, root => Numbers(root));
        texts.Unreadable.ShouldBeEmpty();
        Facts(texts).ShouldBe(Facts(plain));

        static string[] Facts(TestLedger ledger) => [.. ledger.Completions.Values.Select(c => $"{c.Key} {c.CompletedAt:O} {c.Score} {string.Join(' ', c.Identifiers)}").Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task A_grade_may_be_null_or_empty_and_the_completion_is_one_all_the_same(string adapter)
    {
        foreach (string? nothing in new[] { null, "" })
        {
            TestLedger ledger = await ReadAsync(adapter, root => Blank(root, nothing));
            ledger.Unreadable.ShouldBeEmpty();
            ledger.Completions.Count.ShouldBe(5);
            ledger.Completions.Values.ShouldAllBe(c => c.Score == null);
        }
    }

    [Theory]
    [InlineData("coursera", "paging.next")]
    [InlineData("edx", "next")]
    [InlineData("edx-business", "next")]
    [InlineData("http-json", "next")]
    [InlineData("xapi", "more")]
    public async Task A_last_page_says_so_by_leaving_its_link_out_or_null_or_empty(string adapter, string link)
    {
        string[] path = link.Split('.');
        foreach (string variant in new[] { "absent", "null", "empty" })
        {
            TestLedger ledger = await ReadAsync(adapter, root =>
            {
                if ((path.Length == 1 ? root : root[path[0]]) is JsonObject holder && root is JsonObject && holder[path[^1]]?.ToString() is null or "")
                {
                    holder.Remove(path[^1]);
                    if (variant != "absent")
                    {
                        holder[path[^1]] = variant == "empty" ? "" : null;
                    }
                }
            });
            ledger.Completions.Count.ShouldBe(5, variant);
        }
    }

    [Fact]
    public async Task Two_addresses_for_one_external_id_are_one_fact_where_settings_say_what_is_read()
    {
        PlayJsonApi api = new();
        api.Records.Add(PlayJsonApi.Record("NW-1"));
        api.Records.Add(PlayJsonApi.Record("NW-1"));
        api.Records[1]["user"]!["emails"] = new JsonArray("new.address@example.org");
        await using SourceBench bench = new(api);
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create("http-json", HttpJsonSourceTests.Options()), Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Identifiers.Select(i => i.Value).ShouldBe(["NW-1", "new.address@example.org"]);
        using TestFolder folder = new();
        folder.Write("a.csv", "external_id,email,course,completed_at\nNW-1,old@example.org,C1,2026-01-01\nNW-1,new@example.org,C1,2026-01-01\n");
        TestLedger files = new();
        await files.ReadAsync(bench.Create("csv", new CredSync.Sources.Csv.CsvOptions { Path = folder.Path, Settle = TimeSpan.Zero }), Ct);
        files.Completions.Values.ShouldHaveSingleItem().Identifiers.Select(i => i.Value).ShouldBe(["NW-1", "new@example.org"]);
    }

    /// <summary>Case, adapters, and the test that carries it there; a sentence in brackets says why it cannot arise.</summary>
    public static TheoryData<string, string, Type?, string> Carried
    {
        get
        {
            var all = new TheoryData<string, string, Type?, string>();
            void Row(string @case, string adapters, Type? type, string test)
            {
                foreach (string adapter in adapters.Split(' '))
                {
                    all.Add(@case, adapter, type, test);
                }
            }

            const string Http = "coursera edx edx-business http-json moodle xapi";
            Row("empty page", Http, typeof(EveryCaseTests), nameof(An_empty_page_is_no_fault_before_and_takes_nothing_back_after));
            Row("empty page", "csv", typeof(CsvSourceTests), nameof(CsvSourceTests.A_file_that_cannot_be_read_is_set_aside_and_the_others_go_on));
            Row("last page without next", "coursera edx edx-business http-json xapi", typeof(EveryCaseTests), nameof(A_last_page_says_so_by_leaving_its_link_out_or_null_or_empty));
            Row("last page without next", "moodle", typeof(MoodlePagingTests), nameof(MoodlePagingTests.Short_and_empty_pages_in_the_middle_do_not_end_the_list_when_more_learners_are_known));
            Row("last page without next", "csv", null, "(a file ends)");
            Row("next that does not advance", "coursera", typeof(CourseraConformanceTests), nameof(CourseraConformanceTests.Coursera_conforms));
            Row("next that does not advance", "edx", typeof(EdxConformanceTests), nameof(EdxConformanceTests.Edx_conforms));
            Row("next that does not advance", "edx-business", typeof(EdxBusinessConformanceTests), nameof(EdxBusinessConformanceTests.Edx_for_business_conforms));
            Row("next that does not advance", "http-json", typeof(HttpJsonConformanceTests), nameof(HttpJsonConformanceTests.Http_json_conforms));
            Row("next that does not advance", "moodle", typeof(MoodlePagingTests), nameof(MoodlePagingTests.A_list_that_ignores_its_offset_is_a_fault_and_no_endless_loop));
            Row("next that does not advance", "xapi", typeof(XapiConformanceTests), nameof(XapiConformanceTests.Xapi_conforms));
            Row("next that does not advance", "csv", null, "(a file has no pages)");
            Row("number as string", Http, typeof(EveryCaseTests), nameof(Numbers_may_come_as_text));
            Row("number as string", "csv", typeof(CsvGoldenTests), nameof(CsvGoldenTests.What_a_file_says_becomes_the_expected_completions));
            Row("null grade", Http, typeof(EveryCaseTests), nameof(A_grade_may_be_null_or_empty_and_the_completion_is_one_all_the_same));
            Row("null grade", "csv", typeof(CsvSourceTests), nameof(CsvSourceTests.Files_of_a_folder_are_read_in_the_order_of_their_names));
            Row("date-only completion", "edx-business", typeof(EdxBusinessGoldenTests), nameof(EdxBusinessGoldenTests.What_a_report_says_becomes_the_expected_completion));
            Row("date-only completion", "http-json", typeof(HttpJsonGoldenTests), nameof(HttpJsonGoldenTests.What_an_api_says_becomes_the_expected_completion_or_a_record_set_aside_or_nothing));
            Row("date-only completion", "csv", typeof(CsvGoldenTests), nameof(CsvGoldenTests.What_a_file_says_becomes_the_expected_completions));
            Row("date-only completion", "coursera moodle", null, "(times are epoch numbers)");
            Row("date-only completion", "edx xapi", null, "(times are instants by their specifications)");
            Row("complete with progress below 100", "coursera", typeof(CourseraSourceTests), nameof(CourseraSourceTests.Complete_with_progress_below_100_and_without_a_grade_is_complete));
            Row("complete with progress below 100", "moodle", typeof(MoodleGoldenTests), nameof(MoodleGoldenTests.What_moodle_says_becomes_the_expected_completion));
            Row("complete with progress below 100", "http-json", typeof(HttpJsonGoldenTests), nameof(HttpJsonGoldenTests.What_an_api_says_becomes_the_expected_completion_or_a_record_set_aside_or_nothing));
            Row("complete with progress below 100", "edx edx-business xapi csv", null, "(no progress is read)");
            Row("same learner and course in two programs", "coursera", typeof(CourseraSourceTests), nameof(CourseraSourceTests.The_same_content_in_two_programs_is_one_fact_with_the_earlier_date_even_across_pages));
            Row("same learner and course in two programs", "edx edx-business http-json moodle xapi csv", null, "(there are no programs)");
            Row("item-level xAPI completed", "coursera", typeof(StatementGoldenTests), nameof(StatementGoldenTests.What_coursera_pushes_becomes_the_expected_completion_or_none));
            Row("item-level xAPI completed", "xapi", typeof(XapiSourceTests), nameof(XapiSourceTests.Quizzes_failures_groups_and_other_verbs_are_no_completions_of_courses));
            Row("item-level xAPI completed", "edx edx-business http-json moodle csv", null, "(takes no statements)");
            Row("repeated passed event", "edx", typeof(EdxHookTests), nameof(EdxHookTests.A_pass_is_taken_once_however_often_the_platform_repeats_it));
            Row("repeated passed event", "moodle", typeof(MoodleHookTests), nameof(MoodleHookTests.Events_and_polling_come_to_the_same_completions_under_the_same_keys));
            Row("repeated passed event", "xapi", typeof(XapiSourceTests), nameof(XapiSourceTests.What_is_pushed_and_what_is_read_is_one_fact_under_one_key));
            Row("repeated passed event", "coursera edx-business http-json", typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.Read_again_and_again_it_says_the_same_of_the_same));
            Row("repeated passed event", "csv", typeof(CsvSourceTests), nameof(CsvSourceTests.Delivering_the_same_file_again_yields_nothing_and_not_even_a_page));
            Row("revoked before created", "edx", typeof(EdxHookTests), nameof(EdxHookTests.Revoked_before_created_means_nothing_was_ever_given));
            Row("revoked before created", "xapi", typeof(XapiSourceTests), nameof(XapiSourceTests.A_voiding_statement_that_comes_before_what_it_voids_was_read_leaves_it_revoked));
            Row("revoked before created", "coursera edx-business http-json moodle csv", null, "(nothing tells a revocation, or a file tells the state)");
            Row("voiding statement", "xapi", typeof(XapiSourceTests), nameof(XapiSourceTests.A_voided_statement_takes_its_completion_back_and_one_of_two_does_not));
            Row("voiding statement", "coursera edx edx-business http-json moodle csv", null, "(takes no statements, or its producer sends none)");
            Row("HTTP 200 error envelope", Http, typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.A_fault_has_its_kind_and_sentence_moves_no_cursor_and_loses_nothing));
            Row("HTML instead of JSON", Http, typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.A_fault_has_its_kind_and_sentence_moves_no_cursor_and_loses_nothing));
            Row("401 then success", Http, typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.A_token_that_is_refused_once_is_minted_again_where_tokens_are_minted));
            Row("429 with both forms of Retry-After", Http, typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.A_fault_has_its_kind_and_sentence_moves_no_cursor_and_loses_nothing));
            Row("truncated JSON", Http, typeof(EveryHttpSourceTests), nameof(EveryHttpSourceTests.A_fault_has_its_kind_and_sentence_moves_no_cursor_and_loses_nothing));
            foreach (string network in new[] { "HTTP 200 error envelope", "HTML instead of JSON", "401 then success", "429 with both forms of Retry-After" })
            {
                Row(network, "csv", null, "(no network)");
            }

            Row("truncated JSON", "csv", typeof(CsvSourceTests), nameof(CsvSourceTests.An_unclosed_quotation_is_told_with_its_line_and_the_rows_before_it_arrive));
            Row("row missing once, then back", Http, typeof(EveryCaseTests), nameof(A_row_that_is_missing_once_and_then_back_is_the_same_fact));
            Row("row missing once, then back", "csv", typeof(CsvSourceTests), nameof(CsvSourceTests.A_row_that_is_no_longer_there_withdraws_nothing));
            Row("two e-mails for one external id", "coursera", typeof(CourseraSourceTests), nameof(CourseraSourceTests.Two_addresses_for_one_external_id_are_one_person_and_one_fact));
            Row("two e-mails for one external id", "http-json csv", typeof(EveryCaseTests), nameof(Two_addresses_for_one_external_id_are_one_fact_where_settings_say_what_is_read));
            Row("two e-mails for one external id", "edx edx-business moodle xapi", null, "(keys are made of the platform's own ids, or an actor has one identifier)");
            Row("run key containing +", "edx", typeof(EdxSourceTests), nameof(EdxSourceTests.Keys_of_runs_are_escaped_in_addresses));
            Row("run key containing +", "edx-business", typeof(EdxBusinessGoldenTests), nameof(EdxBusinessGoldenTests.What_a_report_says_becomes_the_expected_completion));
            Row("run key containing +", "xapi", typeof(XapiSourceTests), nameof(XapiSourceTests.A_key_after_a_prefix_chooses_the_run_of_two_statements_about_one_completion));
            Row("run key containing +", "http-json", typeof(HttpJsonGoldenTests), nameof(HttpJsonGoldenTests.What_an_api_says_becomes_the_expected_completion_or_a_record_set_aside_or_nothing));
            Row("run key containing +", "coursera moodle csv", null, "(keys are opaque, numbers, or stand in a file)");
            Row("Python timestamp with a space", "edx", typeof(EdxGoldenTests), nameof(EdxGoldenTests.What_open_edx_says_becomes_the_expected_completion));
            Row("Python timestamp with a space", "http-json", typeof(HttpJsonGoldenTests), nameof(HttpJsonGoldenTests.What_an_api_says_becomes_the_expected_completion_or_a_record_set_aside_or_nothing));
            Row("Python timestamp with a space", "xapi edx-business csv", typeof(TolerantTests), nameof(TolerantTests.Times_in_every_spelling_are_read_and_without_an_offset_they_are_utc));
            Row("Python timestamp with a space", "coursera moodle", null, "(times are epoch numbers)");
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Carried))]
    public void A_case_is_carried_by_a_test_that_runs_or_cannot_arise(string @case, string adapter, Type? type, string test)
    {
        if (type is null)
        {
            test.ShouldStartWith("(", customMessage: $"{@case}, {adapter}");
            return;
        }

        MethodInfo method = type.GetMethod(test, BindingFlags.Public | BindingFlags.Instance).ShouldNotBeNull();
        method.GetCustomAttributes<FactAttribute>().ShouldNotBeEmpty($"{@case}, {adapter}");
    }

    [Fact]
    public void Every_case_has_a_line_for_every_adapter()
    {
        string[] adapters = ["coursera", "csv", "edx", "edx-business", "http-json", "moodle", "xapi"];
        foreach (IGrouping<string, string> @case in Carried.Select(row => row.Data).GroupBy(row => row.Item1, row => row.Item2))
        {
            @case.Order(StringComparer.Ordinal).SequenceEqual(adapters).ShouldBeTrue(@case.Key);
        }

        Carried.Select(row => row.Data.Item1).Distinct().Count().ShouldBe(21);
    }

    private static void Do(IList<Action> acts)
    {
        foreach (Action act in acts)
        {
            act();
        }
    }

    private static async Task<TestLedger> ReadAsync(string adapter, Action<JsonNode> rewrite)
    {
        await using SourceBench bench = new(new Rewriting(EveryHttpSourceTests.Play(adapter).Platform, rewrite), new InstantTime());
        TestLedger ledger = new();
        await ledger.ReadAsync(bench.Create(adapter, EveryHttpSourceTests.SettingsOf(adapter)), Ct);
        return ledger;
    }

    private static void Numbers(JsonNode? node)
    {
        foreach ((JsonNode? child, Action<JsonNode> set) in Children(node))
        {
            if (child is JsonValue && child.GetValueKind() == JsonValueKind.Number)
            {
                set(JsonValue.Create(child.ToJsonString()));
            }

            Numbers(child);
        }
    }

    private static void Blank(JsonNode? node, string? nothing)
    {
        if (node is JsonObject holder)
        {
            foreach (string name in Grades.Where(g => holder[g] is JsonValue))
            {
                holder[name] = nothing;
            }
        }

        foreach ((JsonNode? child, _) in Children(node))
        {
            Blank(child, nothing);
        }
    }

    private static List<(JsonNode? Child, Action<JsonNode> Set)> Children(JsonNode? node) => node switch
    {
        JsonObject map => [.. map.ToList().Select(p => (p.Value, (Action<JsonNode>)(value => map[p.Key] = value)))],
        JsonArray list => [.. Enumerable.Range(0, list.Count).Select(i => (list[i], (Action<JsonNode>)(value => list[i] = value)))],
        _ => [],
    };

    /// <summary>A platform that writes its JSON otherwise.</summary>
    private sealed class Rewriting(HttpMessageHandler platform, Action<JsonNode> rewrite) : DelegatingHandler(platform)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            if (answer.Content.Headers.ContentType?.MediaType == "application/json" && JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)) is { } root)
            {
                rewrite(root);
                answer.Content = new StringContent(root.ToJsonString(), Encoding.UTF8, "application/json");
            }

            return answer;
        }
    }
}
