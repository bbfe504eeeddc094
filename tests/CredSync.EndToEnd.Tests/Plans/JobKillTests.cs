using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.EndToEnd.Tests.Plans;

/// <summary>Jobs of a worker that is killed go on where they were, and end where they would have ended.</summary>
public sealed class JobKillTests : CommandSuite
{
    [Fact]
    public async Task A_plan_and_what_is_applied_of_it_survive_the_death_of_their_worker()
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        AddVeteran();

        // What it should come to.
        JsonElement alone = Json((await RunAsync("plan", "--out", "plan.json", "--format", "json")).Output).GetProperty("plan");
        long changes = alone.GetProperty("changes").GetInt64();
        long people = alone.GetProperty("totals").GetProperty("people").GetInt64();
        changes.ShouldBeGreaterThan(10);

        (int code, string output, string error) = await RunAsync("jobs plan", "--rate", "4", "--why", "changed", "--format", "json");
        code.ShouldBe(0, error);
        long plan = Json(output).GetProperty("id").GetInt64();
        await KilledAsync(plan, people);
        JsonElement planned = await DoneAsync(plan);
        planned.GetProperty("taken").GetInt64().ShouldBe(people);
        planned.GetProperty("found").GetInt64().ShouldBe(changes, "nothing is looked at twice and nothing is left out");

        (code, output, error) = await RunAsync("jobs apply", $"{plan}", "--size", "all", "--rate", "4", "--why", "seen", "--format", "json");
        code.ShouldBe(0, error);
        long apply = Json(output).GetProperty("id").GetInt64();
        await KilledAsync(apply, changes);
        JsonElement applied = await DoneAsync(apply);
        (applied.GetProperty("succeeded").GetInt64(), applied.GetProperty("skipped").GetInt64()).ShouldBe((changes, 0));
        (await RunAsync("plan")).Code.ShouldBe(0, "nothing is left to change");
    }

    // A worker is killed while the job is under way.
    private async Task KilledAsync(long job, long items)
    {
        await using WorkerProcess worker = Start("run");
        await UntilAsync(() => Task.FromResult(Read<long>("taken", job) > 0), "the job's first step", () => worker.Error);
        await worker.KillAsync();
        JsonElement left = await JobAsync(job);
        left.GetProperty("state").GetString().ShouldBe("running");
        left.GetProperty("taken").GetInt64().ShouldBeLessThan(items);
    }

    private async Task<JsonElement> DoneAsync(long job)
    {
        await using WorkerProcess worker = Start("run");
        await UntilAsync(() => Task.FromResult(Read<string>("state", job) == "done"), "the end of the job", () => worker.Error);
        (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
        return await JobAsync(job);
    }

    // Straight from the ledger: a command that asks takes as long to start as the job takes on a busy machine.
    private T? Read<T>(string column, long job)
    {
        using var ledger = new SqliteConnection($"Data Source={Path.Combine(Data, "ledger.db")};Mode=ReadWrite;Pooling=False");
        return ledger.ExecuteScalar<T>($"SELECT {column} FROM jobs WHERE job_id = @job", new { job });
    }

    private async Task<JsonElement> JobAsync(long job) => Json((await RunAsync("jobs show", $"{job}", "--format", "json")).Output);
}
