using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Host.Tests.Plans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CredSync.Host.Tests.Operations;

/// <summary>Credentials taken back, people merged, completions matched and deliveries replayed through the interface for programs.</summary>
public sealed class ActsApiTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_credential_is_taken_back_by_its_id_and_the_audit_says_so()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.TakeAsync("revoke-one", Fact("anna"));
        await IssueAsync();
        Guid id = (await world.Ledger.IssuancesOfAsync(await OfAsync("anna"), Ct)).Single().Id;
        (await ProblemAsync(client, "revocations", new { id, reason = "ask anna@example.com" }, 400)).ShouldContain("personal data");
        JsonElement done = await PostAsync(client, "revocations", new { id, reason = "Issued in error." });
        (done.GetProperty("count").GetInt32(), done.GetProperty("done").GetInt32()).ShouldBe((1, 1));
        done.GetProperty("groups")[0].GetProperty("canRevoke").GetBoolean().ShouldBeFalse();
        (await world.Operators.ActsAsync(id.ToString(), null, "revoke", null, 10, Ct)).Items.Single().ShouldSatisfyAllConditions(a => a.Why.ShouldBe("Issued in error."), a => a.Was.ShouldBe("issued"));
        (await world.Ledger.RevocationsAsync([id], Ct)).ShouldContainKey(id);
        await ProblemAsync(client, "revocations", new { id = Guid.Empty, reason = "Issued in error." }, 404);
    }

    [Fact]
    public async Task Many_are_taken_back_only_when_their_number_is_known_and_over_the_limit_when_a_second_person_agrees()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.TakeAsync("revoke-many", [.. Enumerable.Range(0, OperationsWorld.ApproveOver + 1).Select(i => Fact($"many-{i}", "C-2"))]);
        const int many = OperationsWorld.ApproveOver + 1;
        await IssueAsync();
        JsonElement preview = await PostAsync(client, "revocations/preview", new { definition = "second" });
        preview.GetProperty("count").GetInt32().ShouldBe(many);
        (await ProblemAsync(client, "revocations", new { definition = "second", reason = "Issued in error." }, 409)).ShouldContain($"'count': {many}");
        await ProblemAsync(client, "revocations", new { reason = "Issued in error." }, 400);

        JsonElement made = await PostAsync(client, "revocations", new { definition = "second", reason = "Issued in error.", byHand = true, count = many });
        made.GetProperty("done").GetInt32().ShouldBe(0);
        long job = made.GetProperty("job").GetProperty("id").GetInt64();
        made.GetProperty("job").GetProperty("state").GetString().ShouldBe("waiting");
        (await world.Ledger.RevocableAsync(new RevocableFilter(Definition: "second"), Ct)).Count.ShouldBe(many);

        JobDesk jobs = world.Services.GetRequiredService<JobDesk>();
        await jobs.MoveAsync(job, "approve", "somebody else", "agreed", Ct);
        using var signal = new CredSync.Host.Dispatch.OutboxSignal();
        var runner = new JobRunner(
            "jobs", world.Operators, null, [new RevokeWork(world.Ledger, world.Operators, signal)], new LeaseOwner("here", 1, 1), new LoopProgress(TimeProvider.System), TimeProvider.System, NullLogger<JobRunner>.Instance);
        JobLine line;
        do
        {
            await runner.StepAsync(Ct);
            line = (await world.Operators.JobAsync(job, Ct))!;
        }
        while (line.State == "running");

        line.ShouldSatisfyAllConditions(j => j.State.ShouldBe("done"), j => j.Succeeded.ShouldBe(many), j => j.ApprovedBy.ShouldBe("somebody else"));
        (await world.Ledger.RevocableAsync(new RevocableFilter(Definition: "second"), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_people_are_made_one_after_a_preview_and_two_again()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.TakeAsync("merge", Fact("carla"), Fact("carol"));
        Guid merged = await OfAsync("carla"), survivor = await OfAsync("carol");
        JsonElement preview = await PostAsync(client, "people/merges", new { merged, survivor });
        (preview.GetProperty("changed").GetBoolean(), preview.GetProperty("duplicates").GetArrayLength()).ShouldBe((false, 1));
        await ProblemAsync(client, "people/merges", new { merged, survivor, yes = true }, 400);
        (await PostAsync(client, "people/merges", new { merged, survivor, yes = true, why = "married" })).GetProperty("changed").GetBoolean().ShouldBeTrue();
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/people/merges", Ct)).EnumerateArray().ShouldContain(m => m.GetProperty("merged").GetGuid() == merged);
        (await ProblemAsync(client, "people/merges", new { merged, survivor, yes = true, why = "again" }, 409)).ShouldContain("credsync people show");
        await PostAsync(client, $"people/merges/{merged}/undo", new { why = "two after all" });
        await ProblemAsync(client, $"people/merges/{merged}/undo", new { why = "again" }, 404);
    }

    [Fact]
    public async Task A_held_completion_is_given_to_a_person_or_makes_somebody_new()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.TakeAsync("match", Fact("dora"));
        await world.TakeAsync("match", Fact("doris") with { Identifiers = [] }, Fact("dot") with { Identifiers = [] });
        Guid dora = await OfAsync("dora");
        await ProblemAsync(client, "completions/match", new { source = "s", key = "doris|C-1", why = "asked" }, 400);
        JsonElement matched = await PostAsync(client, "completions/match", new { source = "s", key = "doris|C-1", person = dora, why = "asked her" });
        matched.GetProperty("subject").GetGuid().ShouldBe(dora);
        await ProblemAsync(client, "completions/match", new { source = "s", key = "doris|C-1", person = dora, why = "again" }, 404);
        (await ProblemAsync(client, "completions/match", new { source = "s", key = "dot|C-1", @new = true, why = "new" }, 409)).ShouldContain("name who it is about");
    }

    [Fact]
    public async Task Stored_deliveries_wait_again_when_they_are_asked_for()
    {
        using HttpClient client = await world.ClientAsync("operator");
        await world.Ledger.EnsureSourcesAsync(["s"], Ct);
        (await PostAsync(client, "deliveries/replay", new { source = "s", why = "mapping mended" })).GetProperty("replayed").GetInt32().ShouldBe(0);
        await ProblemAsync(client, "deliveries/replay", new { source = "s" }, 400);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string address, object body)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync($"/api/v1/{address}", body, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        ((int)answer.StatusCode).ShouldBe(200, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<string> ProblemAsync(HttpClient client, string address, object body, int status)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync($"/api/v1/{address}", body, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        ((int)answer.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
    }

    // What the queue and the issuer would do.
    private async Task IssueAsync()
    {
        IReadOnlyList<ClaimedIssuance> claims = await world.Ledger.ClaimAsync(10_000, TimeSpan.FromMinutes(1), Ct);
        Guid[] ids = [.. claims.Select(c => c.Id)];
        await world.Ledger.MarkSentAsync(claims, Ct);
        await world.Ledger.CloseAsync([.. ids.Select(id => new IssuanceOutcome { Id = id, State = IssuanceState.Issued, At = Now, CredentialId = $"urn:{id}" })], Ct);
    }

    private async Task<Guid> OfAsync(string number) => (await world.Ledger.FindPeopleAsync(number, Ct)).Single().Subject;

    private static Completion Fact(string person, string course = "C-1") => PlanWorld.Completed(0, course, 90, Now.AddDays(-1)) with
    {
        Key = new CompletionKey("s", $"{person}|{course}"), Identifiers = [new PersonIdentifier("external_id", person)],
    };
}
