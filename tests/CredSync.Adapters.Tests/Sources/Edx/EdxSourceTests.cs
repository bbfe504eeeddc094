using System.Net;
using CredSync.Completions;
using CredSync.Sources;
using CredSync.Sources.Edx;
using CsCheck;

namespace CredSync.Adapters.Tests.Sources.Edx;

public sealed class EdxSourceTests : IAsyncDisposable
{
    private const string Run = "course-v1:NorthX+DATA101+2026_T1";
    private readonly ScriptedEdx edx = new();
    private readonly SourceBench bench;
    private readonly TestLedger ledger = new();
    private readonly EdxOptions options = Options(Run);

    public EdxSourceTests() => bench = new SourceBench(edx);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICompletionSource Source => bench.Create("edx", options, "edx");

    private IEnumerable<string> Keys => ledger.Completions.Keys.Select(k => k.NaturalKey).Order(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    internal static EdxOptions Options(params string[] runs) => new()
    {
        Address = new Uri("https://courses.example.org"),
        ClientId = new Secret("env:EDX_CLIENT_ID", () => ScriptedEdx.ClientId),
        ClientSecret = new Secret("env:EDX_CLIENT_SECRET", () => ScriptedEdx.ClientSecret),
        Courses = runs,
        PageSize = 2,
        ReverifySlices = 1,
    };

    [Fact]
    public async Task Who_passed_and_holds_a_certificate_is_yielded_with_its_date_grade_and_page()
    {
        edx.Runs[Run] = [new("Ada_M"), new("bo") { Passed = false, Certificate = null }, new("cy") { Certificate = "generating" }];
        await ledger.ReadAsync(Source, Ct);
        Keys.ShouldBe([$"ada_m|{Run}", $"cy|{Run}"]);
        Completion ada = ledger.Completions[new("edx", $"ada_m|{Run}")];
        ada.CompletedAt.ShouldBe(new DateTimeOffset(2026, 1, 1, 8, 12, 3, 456, 789, TimeSpan.Zero));
        ada.Score!.Scaled.ShouldBe(0.93m);
        ada.CertificateUrl!.AbsolutePath.ShouldBe("/certificates/1");
        ada.Identifiers.ShouldContain(new PersonIdentifier(IdentifierKinds.Email, "Ada_M@example.org", true));
    }

    [Fact]
    public async Task Keys_of_runs_are_escaped_in_addresses()
    {
        edx.Runs[Run] = [new("a+b")];
        await ledger.ReadAsync(Source, Ct);
        edx.Requests.ShouldContain(r => r.StartsWith("/api/grades/v1/courses/course-v1%3ANorthX%2BDATA101%2B2026_T1/", StringComparison.Ordinal));
        ledger.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_pass_without_a_certificate_waits_for_one_because_it_has_no_date()
    {
        edx.Runs[Run] = [new("ada") { Certificate = null }, new("bo")];
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("completion-without-date");
        edx.Runs[Run][0].Certificate = "downloadable";
        await ledger.ReadAsync(Source, Ct);
        Keys.Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_course_without_a_certificate_page_hides_certificates_and_takes_none_back()
    {
        edx.Runs[Run] = [new("ada"), new("bo"), new("cy") { Passed = false, Certificate = null }];
        edx.HidesCertificates = true;
        await ledger.ReadAsync(Source, Ct);
        (ledger.Completions.Count, ledger.Unreadable.DistinctBy(r => (r.Reference, r.Cause)).ShouldHaveSingleItem().Cause).ShouldBe((0, "course-certificates-hidden"));
        edx.HidesCertificates = false;
        await ledger.ReadAsync(Source, Ct);
        int held = ledger.Completions.Count;
        held.ShouldBeGreaterThan(0);
        edx.HidesCertificates = true;
        ledger.Unreadable.Clear();
        for (int sweep = 0; sweep < 8; sweep++)
        {
            await ledger.ReadAsync(Source, Ct);
        }

        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_a_fault_and_no_lost_certificate()
    {
        edx.Runs[Run] = [new("ada")];
        await ledger.ReadAsync(Source, Ct);
        edx.Instead = asked => asked.StartsWith("/api/certificates", StringComparison.Ordinal)
            ? new HttpResponseMessage { Content = new StringContent("{\"error\":\"try again\"}", System.Text.Encoding.UTF8, "application/json") }
            : null;
        (await ledger.ReadFaultAsync(Source, Ct)).Kind.ShouldBe(FaultKind.Broken);
        ledger.Unreadable.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task A_certificate_whose_date_cannot_be_read_costs_nobody_else_theirs(string created)
    {
        edx.Runs[Run] = [new("ada") { Created = created }, new("bo")];
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Cause.ShouldBe("completion-without-date"), r => r.Sentence.ShouldContain("that can be read"));
        Keys.ShouldHaveSingleItem().ShouldStartWith("bo|");
    }

    [Fact]
    public async Task A_site_that_answers_with_an_opaque_token_is_sent_it_as_a_bearer_token()
    {
        edx.Runs[Run] = [new("ada")];
        edx.Opaque = true;
        await ledger.ReadAsync(Source, Ct);
        Keys.Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_certificate_without_a_passing_grade_is_found_in_its_slice()
    {
        edx.Runs[Run] = [new("listed") { Passed = false }];
        options.ReverifySlices = 3;
        for (int sweep = 0; sweep < 3; sweep++)
        {
            await ledger.ReadAsync(Source, Ct);
        }

        Keys.Count().ShouldBe(1);
        edx.Requests.Count(r => r.Contains("/certificates/", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("unavailable", CompletionStatus.Revoked)]
    [InlineData("invalidated", CompletionStatus.Revoked)]
    [InlineData("notpassing", CompletionStatus.Withdrawn)]
    [InlineData("unverified", CompletionStatus.Withdrawn)]
    public async Task A_certificate_taken_back_is_asked_for_twice_and_then_believed(string certificate, CompletionStatus status)
    {
        edx.Runs[Run] = [new("ada")];
        await ledger.ReadAsync(Source, Ct);
        edx.Runs[Run][0].Certificate = certificate;
        int before = edx.Requests.Count(r => r.Contains("/certificates/", StringComparison.Ordinal));
        await ledger.ReadAsync(Source, Ct);
        (edx.Requests.Count(r => r.Contains("/certificates/", StringComparison.Ordinal)) - before).ShouldBe(2);
        Completion taken = ledger.Completions.Values.Single();
        (taken.Status, taken.StatusReason).ShouldBe((status, "certificate_" + certificate));
        edx.Runs[Run][0].Certificate = "downloadable";
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().Status.ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task A_certificate_that_is_gone_or_a_learner_who_left_withdraws_nothing()
    {
        edx.Runs[Run] = [new("ada"), new("bo")];
        await ledger.ReadAsync(Source, Ct);
        edx.Runs[Run][0].Certificate = null;
        edx.Runs[Run].RemoveAt(1);
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("completion-vanished");
    }

    [Fact]
    public async Task A_retired_account_keeps_what_is_known_of_it()
    {
        edx.Runs[Run] = [new("ada")];
        await ledger.ReadAsync(Source, Ct);
        edx.Runs[Run][0].Retired = true;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().Identifiers.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_unknown_run_is_set_aside_and_the_others_go_on()
    {
        edx.Runs[Run] = [new("ada")];
        options.Courses = ["course-v1:A+B+C", Run];
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Count.ShouldBe(1);
        ledger.Unreadable.ShouldHaveSingleItem().Cause.ShouldBe("course-unknown");
    }

    [Fact]
    public async Task The_token_does_not_follow_a_link_to_another_host()
    {
        ScriptedEdx foreign = new() { Links = "https://evil.example.net" };
        foreign.Runs[Run] = [new("a"), new("b"), new("c")];
        await using SourceBench other = new(foreign);
        (await ledger.ReadFaultAsync(other.Create("edx", options), Ct)).Kind.ShouldBe(FaultKind.Broken);
    }

    [Fact]
    public async Task Not_being_staff_is_misconfigured_and_says_so()
    {
        edx.Instead = asked => asked.StartsWith("/api/grades", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null;
        SourceException fault = await ledger.ReadFaultAsync(Source, Ct);
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Message.ShouldContain("staff");
    }

    [Fact]
    public async Task The_check_tells_for_each_run_whether_it_can_be_read()
    {
        edx.Runs[Run] = [new("ada")];
        options.Courses = [Run, "course-v1:A+B+C"];
        (await ((ICheckable)Source).CheckAsync(Ct)).Select(r => (r.Name, r.Outcome)).ShouldBe([(Run, CheckOutcome.Passed), ("course-v1:A+B+C", CheckOutcome.Failed)]);
    }

    [Fact]
    public async Task Killed_between_any_two_pages_everything_arrives() =>
        await Gen.Select(Gen.Int[0, 7].Array[1, 3], Gen.Int[1, 3], Gen.Int[1, 4].Array[0, 5]).SampleAsync(async (sizes, size, kills) =>
        {
            ScriptedEdx platform = new();
            for (int run = 0; run < sizes.Length; run++)
            {
                platform.Runs[$"course-v1:A+B+{run}"] = [.. Enumerable.Range(0, sizes[run]).Select(n => new EdxLearner($"l{n}"))];
            }

            await using SourceBench own = new(platform);
            EdxOptions settings = Options([.. platform.Runs.Keys]);
            settings.PageSize = size;
            TestLedger survivor = new();
            foreach (int kill in kills)
            {
                await survivor.ReadAsync(own.Create("edx", settings), Ct, kill);
            }

            await survivor.ReadAsync(own.Create("edx", settings), Ct);
            await survivor.ReadAsync(own.Create("edx", settings), Ct);
            survivor.Completions.Count.ShouldBe(sizes.Sum());
        }, iter: 30, threads: 1);
}
