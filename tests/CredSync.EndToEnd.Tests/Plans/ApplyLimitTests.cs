using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;

namespace CredSync.EndToEnd.Tests.Plans;

/// <summary>A plan with more changes than one person may make waits for a second one, on the command line as everywhere.</summary>
public sealed class ApplyLimitTests : CommandSuite
{
    private static readonly string[] Limit = ["--set", "Operations:ApproveOver=5"];

    [Fact]
    public async Task Over_the_limit_a_plan_becomes_a_job_that_a_second_person_approves_and_below_it_is_made_at_once()
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        AddVeteran();
        long changes = Json((await RunAsync("plan", "--out", "plan.json", "--format", "json")).Output).GetProperty("plan").GetProperty("changes").GetInt64();
        changes.ShouldBeGreaterThan(10);
        (int code, string output, string error) = await RunAsync("apply", ["--plan", "plan.json", "--canary", "1", "--format", "json", .. Limit]);
        code.ShouldBe(0, error);
        Json(output).GetProperty("applied").GetInt64().ShouldBe(1);

        (code, output, error) = await RunAsync("apply", ["--plan", "plan.json", .. Limit]);
        (code, output, error).ShouldBe((2, "", "error: Say why, for the audit.\n"));
        (code, output, error) = await RunAsync("apply", ["--plan", "plan.json", "--why", "the board lowered the score", .. Limit]);
        code.ShouldBe(0, error);
        output.ShouldContain("More than 5 wait for a second person: credsync jobs approve 2 --why '…'");
        (code, output, error) = await RunAsync("apply", ["--plan", "plan.json", "--why", "again", .. Limit]);
        code.ShouldBe(2, output);
        error.ShouldContain("is job 2 by now, which waits for a second person: credsync jobs approve 2 --why '…'");
        (code, _, error) = await RunAsync("jobs approve", "2", "--why", "agreed");
        code.ShouldBe(2);
        error.ShouldContain("a second person has to approve it");
        (code, _, error) = await RunAsync("jobs approve", "2", "--why", "agreed", "--as", "ben");
        code.ShouldBe(0, error);
        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(async () => (await JobAsync(2)).GetProperty("state").GetString() == "done", "the end of the job", () => worker.Error);
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        }

        (await JobAsync(2)).GetProperty("succeeded").GetInt64().ShouldBe(changes - 1);
        (await RunAsync("plan")).Code.ShouldBe(0, "nothing is left to change");
    }

    private async Task<JsonElement> JobAsync(long id) => Json((await RunAsync("jobs show", $"{id}", "--format", "json")).Output);
}
