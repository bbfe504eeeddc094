using System.Text.Json;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Plans that come from a file and become a job, because a second person has to approve them.
internal sealed partial class OperatorLedger
{
    /// <summary>
    /// Writes a plan of a file down as a job that has looked, and makes the job that makes its changes. In parts: a plan may have a million changes. Until the last part is there the plan counts as
    /// cancelled, so that what is interrupted is never applied.
    /// </summary>
    /// <param name="plan">The plan; its wish names the file's plan.</param>
    /// <param name="parts">Its changes.</param>
    /// <param name="apply">The job that makes them, of that plan.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The job that makes the changes.</returns>
    public async Task<JobLine> TakePlanAsync(WorkOrder plan, IAsyncEnumerable<IReadOnlyList<JobChange>> parts, Func<long, WorkOrder> apply, CancellationToken ct)
    {
        long id = await sql.WriteAsync(
            async transaction => (await transaction.ReadAsync(
                """
                INSERT INTO jobs (kind, what, state, who, why, at, began_at, ended_at, rate, stop_at, items, wish, sentence)
                VALUES (@kind, @what, 'cancelled', @who, @why, @now, @now, @now, @rate, NULL, @items, @wish, 'It was not read to its end.') RETURNING job_id
                """,
                SqlValues.None.Add("kind", plan.Kind).Add("what", plan.What).Add("who", plan.Who).Add("why", plan.Why).Add("now", Now).Add("rate", plan.Rate).Add("items", plan.Items)
                    .Add("wish", JsonSerializer.Serialize(plan.Wish)),
                r => r.Number(0),
                ct).ConfigureAwait(false))[0],
            ct).ConfigureAwait(false);
        await foreach (IReadOnlyList<JobChange> part in parts.ConfigureAwait(false))
        {
            await sql.WriteAsync(
                async transaction =>
                {
                    await StoreChangesAsync(transaction, id, part, ct).ConfigureAwait(false);
                    return await transaction.RunAsync("UPDATE jobs SET found = found + @found WHERE job_id = @id", SqlValues.None.Add("found", part.Count).Add("id", id), ct).ConfigureAwait(false);
                },
                ct).ConfigureAwait(false);
        }

        return await sql.WriteAsync(
            async transaction =>
            {
                await transaction.RunAsync(
                    "UPDATE jobs SET state = 'done', ended_at = @now, taken = items, succeeded = items, sentence = NULL WHERE job_id = @id", SqlValues.None.Add("now", Now).Add("id", id), ct).ConfigureAwait(false);
                await RecordAsync(transaction, new Act(plan.Who, plan.Kind, $"job {id}", plan.Why, $"job {id}: {plan.What}") { Became = "done" }, ct).ConfigureAwait(false);
                return await MakeWorkAsync(transaction, apply(id), ct).ConfigureAwait(false);
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>The job that a plan of a file became, and the newest that makes its changes; null for what is not there.</summary>
    /// <param name="plan">Id of the file's plan: 16 hexadecimal digits.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(JobLine? Plan, JobLine? Apply)> JobsOfPlanAsync(string plan, CancellationToken ct)
    {
        JobLine? found = (await sql.ReadAsync(
            $"SELECT {JobColumns} FROM jobs WHERE kind = 'plan' AND state = 'done' AND wish LIKE @like ORDER BY job_id DESC LIMIT 1", SqlValues.None.Add("like", $"%\"Plan\":\"{plan}\"%"), Job, ct).ConfigureAwait(false)).FirstOrDefault();
        return found is null
            ? (null, null)
            : (found, (await sql.ReadAsync($"SELECT {JobColumns} FROM jobs WHERE of_job = @of ORDER BY job_id DESC LIMIT 1", SqlValues.None.Add("of", found.Id), Job, ct).ConfigureAwait(false)).FirstOrDefault());
    }
}
