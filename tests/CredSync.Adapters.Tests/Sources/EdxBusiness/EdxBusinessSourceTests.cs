using System.Net;
using CredSync.Completions;
using CredSync.Sandbox;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Faults;
using CredSync.Sources;
using CredSync.Sources.EdxBusiness;

namespace CredSync.Adapters.Tests.Sources.EdxBusiness;

public sealed class EdxBusinessSourceTests
{
    private readonly TestLedger ledger = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static EdxBusinessOptions Options() => new()
    {
        ClientId = new Secret("env:ID", () => "business-client"),
        ClientSecret = new Secret("env:SECRET", () => ScriptedEdxBusiness.Secret),
        Enterprise = "e-1",
    };

    [Theory]
    [InlineData(EdxBusinessReport.LearnerSummary)]
    [InlineData(EdxBusinessReport.Enrollments)]
    internal async Task Everyone_who_passed_is_read_from_either_report_with_the_day_and_no_time(EdxBusinessReport report)
    {
        NorthwindEdxScript script = NorthwindEdxScript.Create(3);
        await using SandboxServer server = await SandboxServer.StartAsync([new EdxPlatform(script)], ct: Ct);
        await using SourceBench bench = new();
        ICompletionSource source = Real(bench, server, script, report);
        while (script.PlayNext() is not null)
        {
            for (int i = 0; i < 7; i++)
            {
                script.PlayNext();
            }

            await ledger.ReadAsync(source, Ct);
            ledger.Completions.Values.Select(c => (c.Identifiers.Single(i => i.Kind == IdentifierKinds.SsoUid).Value, c.Course.Key, c.CompletedAt!.Value, c.CompletedAtPrecision))
                .ShouldBe(script.ExpectedAfter(script.Position).Select(x => (x.Learner, x.Run, new DateTimeOffset(x.PassedAt.Date, TimeSpan.Zero), TimePrecision.Date)), ignoreOrder: true);
        }

        // A certificate that was taken back does not show here.
        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed && c.Passed == true);
    }

    [Fact]
    public async Task Without_consent_there_is_no_address_and_nothing_may_be_issued()
    {
        NorthwindEdxScript script = NorthwindEdxScript.Create(3);
        await using SandboxServer server = await SandboxServer.StartAsync([new EdxPlatform(script)], ct: Ct);
        await using SourceBench bench = new();
        script.PlayAll();
        script.World.Change("nw1001", user => user with { Consents = false });
        await ledger.ReadAsync(Real(bench, server, script, EdxBusinessReport.LearnerSummary), Ct);
        Completion[] theirs = [.. ledger.Completions.Values.Where(c => c.ConsentGiven == false)];
        theirs.Length.ShouldBe(2);
        theirs.ShouldAllBe(c => c.PersonName == null && c.Identifiers.All(i => i.Kind != IdentifierKinds.Email));
        ledger.Completions.Values.Except(theirs).ShouldAllBe(c => c.ConsentGiven == true);
    }

    [Fact]
    public async Task Rows_that_vanish_or_do_not_say_passed_any_more_withdraw_nothing()
    {
        NorthwindEdxScript script = NorthwindEdxScript.Create(3);
        EdxPlatform platform = new(script);
        await using SandboxServer server = await SandboxServer.StartAsync([platform], ct: Ct);
        await using SourceBench bench = new();
        script.PlayAll();
        ICompletionSource source = Real(bench, server, script, EdxBusinessReport.Enrollments);
        await ledger.ReadAsync(source, Ct);
        int all = ledger.Completions.Count;
        script.World.Unlink("nw1001");
        await ledger.ReadAsync(source, Ct);
        ledger.Unreadable.ShouldBeEmpty();
        platform.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion });
        await ledger.ReadAsync(source, Ct);
        ledger.Unreadable.Select(u => u.Cause).Distinct().ShouldBe(["completion-vanished"]);
        ledger.Completions.Values.Count(c => c.Status == CompletionStatus.Completed).ShouldBe(all);
    }

    [Fact]
    public async Task A_pass_without_a_date_is_a_fact_that_waits_for_its_date()
    {
        ScriptedEdxBusiness platform = new();
        platform.Rows.Add(ScriptedEdxBusiness.Row(1, "2025-12-31"));
        platform.Rows[0]["passed_date"] = null;
        await using SourceBench bench = new(platform);
        await ledger.ReadAsync(bench.Create("edx-business", Options()), Ct);
        ledger.Completions.Values.Single().CompletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Rows_that_are_set_aside_at_the_same_place_of_two_pages_are_told_apart()
    {
        ScriptedEdxBusiness platform = new();
        for (int id = 1; id <= 4; id++)
        {
            platform.Rows.Add(ScriptedEdxBusiness.Row(id, "2025-12-31"));
        }

        platform.Rows[0]["passed_date"] = "31/12/2025";
        platform.Rows[2]["passed_date"] = "31/12/2025";
        await using SourceBench bench = new(platform);
        await ledger.ReadAsync(bench.Create("edx-business", Options()), Ct);
        ledger.Unreadable.Select(r => r.Reference).ShouldBe(
            ["report row 1, course course-v1:NorthX+DATA101+2026_T1", "report row 3, course course-v1:NorthX+DATA101+2026_T1"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, FaultKind.Misconfigured, "another enterprise")]
    [InlineData(HttpStatusCode.NotFound, FaultKind.Misconfigured, "'enterprise'")]
    [InlineData(HttpStatusCode.Unauthorized, FaultKind.Unauthorized, "renew the secret")]
    [InlineData(HttpStatusCode.BadGateway, FaultKind.Outage, "unwell")]
    public async Task What_the_platform_refuses_has_its_kind_and_sentence(HttpStatusCode status, FaultKind kind, string says)
    {
        ScriptedEdxBusiness platform = new() { Instead = asked => asked.StartsWith("/enterprise", StringComparison.Ordinal) ? new HttpResponseMessage(status) : null };
        await using SourceBench bench = new(platform);
        SourceException fault = await ledger.ReadFaultAsync(bench.Create("edx-business", Options()), Ct);
        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain(says);
        ledger.Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task The_check_tells_whether_the_report_can_be_read()
    {
        ScriptedEdxBusiness platform = new();
        platform.Rows.Add(ScriptedEdxBusiness.Row(1, "2025-12-31"));
        await using SourceBench bench = new(platform);
        (await ((ICheckable)bench.Create("edx-business", Options())).CheckAsync(Ct)).ShouldHaveSingleItem().Outcome.ShouldBe(CheckOutcome.Passed);
        EdxBusinessOptions wrong = Options();
        wrong.Enterprise = "e-2";
        (await ((ICheckable)bench.Create("edx-business", wrong)).CheckAsync(Ct)).ShouldHaveSingleItem().Outcome.ShouldBe(CheckOutcome.Failed);
    }

    private static ICompletionSource Real(SourceBench bench, SandboxServer server, NorthwindEdxScript script, EdxBusinessReport report) => bench.Create("edx-business", new EdxBusinessOptions
    {
        Address = new Uri(server.Platforms[0].Address.ToString().TrimEnd('/')),
        ClientId = new Secret("env:ID", () => script.World.ClientId),
        ClientSecret = new Secret("env:SECRET", () => script.World.ClientSecret),
        Enterprise = script.World.EnterpriseId,
        Report = report,
        PageSize = 5,
    });
}
