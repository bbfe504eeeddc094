using System.Globalization;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Jobs: their items are chosen when they are made; whoever holds the lease takes them in order.
internal sealed partial class OperatorLedger
{
    private const string JobColumns = "job_id, kind, what, state, who, why, approved_by, at, began_at, ended_at, rate, stop_at, items, taken, succeeded, failed, skipped, sentence, wish, place, of_job, found";

    /// <summary>Makes a job; null when there is nothing that it could be done to.</summary>
    public Task<JobLine?> MakeJobAsync(JobOrder order, CancellationToken ct)
    {
        (string where, SqlValues chosen) = Chosen(order.Filter, order.Kind);
        return sql.WriteAsync<JobLine?>(
            async transaction =>
            {
                IReadOnlyList<Guid> items = await transaction.ReadAsync(
                    $"SELECT issuance_id FROM issuances WHERE {where} ORDER BY outcome_at, issuance_id LIMIT @limit", chosen.Add("limit", order.Size ?? int.MaxValue), r => r.Id(0), ct).ConfigureAwait(false);
                if (items.Count == 0)
                {
                    return null;
                }

                bool waits = items.Count > order.ApprovalOver;
                string what = Describe(order, items.Count);
                long id = (await transaction.ReadAsync(
                    """
                    INSERT INTO jobs (kind, what, state, who, why, at, began_at, rate, stop_at, items)
                    VALUES (@kind, @what, @state, @who, @why, @now, @began, @rate, @stopAt, @items) RETURNING job_id
                    """,
                    SqlValues.None.Add("kind", order.Kind).Add("what", what).Add("state", waits ? "waiting" : "running").Add("who", order.Who).Add("why", order.Why).Add("now", Now)
                        .Add("began", waits ? null : Now).Add("rate", order.Rate).Add("stopAt", order.StopAt).Add("items", items.Count),
                    r => r.Number(0),
                    ct).ConfigureAwait(false))[0];
                await StoreItemsAsync(transaction, id, items, ct).ConfigureAwait(false);
                string target = order.Filter.Id?.ToString() ?? $"job {id}";
                await RecordAsync(transaction, new Act(order.Who, order.Kind, target, order.Why, $"job {id}: {what}") { Became = waits ? "waiting for a second person" : "running" }, ct).ConfigureAwait(false);
                return await JobAsync(transaction, id, ct).ConfigureAwait(false);
            },
            ct);
    }

    /// <summary>Jobs, newest first.</summary>
    public Task<Page<JobLine>> JobsAsync(string? state, string? after, int limit, CancellationToken ct) => JobsAsync(state, null, null, after, limit, ct);

    /// <summary>Jobs of a state, kind and person, whatever is null; newest first.</summary>
    public async Task<Page<JobLine>> JobsAsync(string? state, string? kind, string? who, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None.Add("limit", limit + 1);
        Equal(conditions, values, "state", state);
        Equal(conditions, values, "kind", kind);
        By(conditions, values, who);
        if (after is not null)
        {
            conditions.Add("job_id < @after");
            values.Add("after", long.TryParse(after, out long id) ? id : throw new CursorException());
        }

        IReadOnlyList<JobLine> rows = await sql.ReadAsync($"SELECT {JobColumns} FROM jobs {Where(conditions)} ORDER BY job_id DESC LIMIT @limit", values, Job, ct).ConfigureAwait(false);
        var jobs = new List<JobLine>();
        foreach (JobLine row in rows.Take(limit))
        {
            jobs.Add(row.EndedAt is null && row.Taken > 0 ? await WithCountsAsync(sql.ReadAsync, row, ct).ConfigureAwait(false) : row);
        }

        return new Page<JobLine>(jobs, rows.Count > limit ? rows[limit - 1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>All jobs that wait for a person: for a second one, or because they were stopped. Their counts are those of their last step.</summary>
    public Task<IReadOnlyList<JobLine>> WaitingJobsAsync(CancellationToken ct) => sql.ReadAsync($"SELECT {JobColumns} FROM jobs WHERE state IN ('waiting', 'stopped') ORDER BY job_id", SqlValues.None, Job, ct);

    /// <summary>How many jobs are in a state.</summary>
    public Task<long> CountJobsAsync(string state, CancellationToken ct) => OneAsync("SELECT count(*) FROM jobs WHERE state = @state", SqlValues.None.Add("state", state), ct);

    /// <summary>One job; null when there is none.</summary>
    public async Task<JobLine?> JobAsync(long id, CancellationToken ct)
    {
        JobLine? row = (await sql.ReadAsync($"SELECT {JobColumns} FROM jobs WHERE job_id = @id", SqlValues.None.Add("id", id), Job, ct).ConfigureAwait(false)).FirstOrDefault();
        return row is null || row.EndedAt is not null ? row : await WithCountsAsync(sql.ReadAsync, row, ct).ConfigureAwait(false);
    }

    /// <summary>The jobs that an issuance was an item of, newest first.</summary>
    public Task<IReadOnlyList<JobLine>> JobsOfAsync(Guid issuance, CancellationToken ct) => sql.ReadAsync(
        $"SELECT {JobColumns} FROM jobs WHERE job_id IN (SELECT job_id FROM job_items WHERE issuance_id = @issuance) ORDER BY job_id DESC LIMIT 20", SqlValues.None.Add("issuance", issuance), Job, ct);

    /// <summary>Moves a job from one of some states to another, and records who did it.</summary>
    /// <returns>False when it was in none of these states.</returns>
    public Task<bool> MoveJobAsync(long id, IReadOnlyList<string> from, string to, string who, string verb, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            if (await transaction.ReadAsync($"SELECT {JobColumns} FROM jobs WHERE job_id = @id{Lock}", SqlValues.None.Add("id", id), Job, ct).ConfigureAwait(false) is not [var row] || !from.Contains(row.State))
            {
                return false;
            }

            JobLine job = await WithCountsAsync(transaction.ReadAsync, row, ct).ConfigureAwait(false);
            bool ends = to is "cancelled" or "stopped" or "done";
            await transaction.RunAsync(
                """
                UPDATE jobs SET state = @to, approved_by = CASE WHEN @verb = 'approve' THEN @who ELSE approved_by END, began_at = COALESCE(began_at, @began), ended_at = @ended,
                    sentence = @sentence, succeeded = @succeeded, failed = @failed, skipped = @skipped, lease_until = NULL
                WHERE job_id = @id
                """,
                SqlValues.None.Add("id", id).Add("to", to).Add("verb", verb).Add("who", who).Add("began", to == "running" ? Now : job.BeganAt).Add("ended", ends ? Now : null)
                    .Add("sentence", to == "running" || why.Length == 0 ? null : why).Add("succeeded", job.Succeeded).Add("failed", job.Failed).Add("skipped", job.Skipped),
                ct).ConfigureAwait(false);
            await RecordAsync(transaction, new Act(who, verb, $"job {id}", why, $"{job.Kind} {job.What}") { Was = row.State, Became = to }, ct).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>The next running retry, parking or archiving after one, by number, that nobody else holds, leased; null when there is none.</summary>
    public Task<JobLine?> TakeJobAsync(string owner, TimeSpan lease, long after, CancellationToken ct) => TakeJobAsync(owner, lease, after, ["retry", "park", "archive"], null, _ => false, ct);

    /// <summary>The next running job of some kinds after one, by number, that nobody else holds, leased; null when there is none.</summary>
    /// <param name="owner">Who takes it.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="after">The number of the job before.</param>
    /// <param name="kinds">Words of the program.</param>
    /// <param name="only">The only job that is wanted; null for any.</param>
    /// <param name="isGone">Whether the owner of a lease is known to have died.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<JobLine?> TakeJobAsync(string owner, TimeSpan lease, long after, IReadOnlyList<string> kinds, long? only, Func<string, bool> isGone, CancellationToken ct)
    {
        IReadOnlyList<(long Id, string? Owner, DateTimeOffset? Until)> running = await sql.ReadAsync(
            $"SELECT job_id, lease_owner, lease_until FROM jobs WHERE state = 'running' AND job_id > @after AND job_id <= @last AND kind IN ({string.Join(", ", kinds.Select(k => $"'{k}'"))}) ORDER BY job_id",
            SqlValues.None.Add("after", only - 1 ?? after).Add("last", only ?? long.MaxValue), r => (r.Number(0), r.TextOrNull(1), r.TimeOrNull(2)), ct).ConfigureAwait(false);
        foreach ((long id, string? held, _) in running.Where(j => j.Owner is null || j.Owner == owner || j.Until is null || j.Until <= Now || isGone(j.Owner)))
        {
            JobLine? taken = await sql.WriteAsync(
                async transaction =>
                {
                    if (await transaction.ReadAsync(
                        $"SELECT {JobColumns} FROM jobs WHERE job_id = @id AND state = 'running' AND (lease_owner = @owner OR lease_owner = @held OR lease_until IS NULL OR lease_until <= @now){(sql.IsShared ? " FOR UPDATE SKIP LOCKED" : "")}",
                        SqlValues.None.Add("id", id).Add("owner", owner).Add("held", held ?? owner).Add("now", Now), Job, ct).ConfigureAwait(false) is not [var row])
                    {
                        return null;
                    }

                    await transaction.RunAsync("UPDATE jobs SET lease_owner = @owner, lease_until = @until WHERE job_id = @id", SqlValues.None.Add("owner", owner).Add("until", Now + lease).Add("id", id), ct).ConfigureAwait(false);
                    return await WithCountsAsync(transaction.ReadAsync, row, ct).ConfigureAwait(false);
                },
                ct).ConfigureAwait(false);
            if (taken is not null)
            {
                return taken;
            }
        }

        return null;
    }

    /// <summary>Does a job to its next items, in one transaction.</summary>
    /// <returns>How many were taken; null when the job does not run any more or another worker has it.</returns>
    public Task<int?> TakeItemsAsync(JobLine job, string owner, int count, CancellationToken ct) => sql.WriteAsync<int?>(
        async transaction =>
        {
            SqlValues Key() => SqlValues.None.Add("id", job.Id);
            if ((await transaction.ReadAsync($"SELECT 1 FROM jobs WHERE job_id = @id AND state = 'running' AND lease_owner = @owner{Lock}", Key().Add("owner", owner), r => r.Number(0), ct).ConfigureAwait(false)).Count == 0)
            {
                return null;
            }

            IReadOnlyList<(long Place, Guid Issuance)> items = await transaction.ReadAsync(
                "SELECT place, issuance_id FROM job_items WHERE job_id = @id AND taken_at IS NULL ORDER BY place LIMIT @count", Key().Add("count", count), r => (r.Number(0), r.Id(1)), ct).ConfigureAwait(false);
            HashSet<Guid> done = await DoAsync(transaction, job.Kind, [.. items.Select(i => i.Issuance)], ct).ConfigureAwait(false);
            foreach ((long place, Guid issuance) in items)
            {
                string? result = !done.Contains(issuance) ? "skipped" : job.Kind == "retry" ? null : "done";
                await transaction.RunAsync("UPDATE job_items SET taken_at = @now, result = @result WHERE job_id = @id AND place = @place", Key().Add("now", Now).Add("result", result).Add("place", place), ct).ConfigureAwait(false);
            }

            await transaction.RunAsync("UPDATE jobs SET taken = taken + @count WHERE job_id = @id", Key().Add("count", items.Count), ct).ConfigureAwait(false);
            if (sql.IsShared && job.Kind == "retry" && done.Count > 0)
            {
                await transaction.ReadAsync($"SELECT pg_notify('{Postgres.PostgresLedger.PlannedChannel}', '')", SqlValues.None, _ => 0, ct).ConfigureAwait(false);
            }

            return items.Count;
        },
        ct);

    private string Lock => sql.IsShared ? " FOR UPDATE" : "";

    private async Task<HashSet<Guid>> DoAsync(ISqlTransaction transaction, string kind, Guid[] issuances, CancellationToken ct)
    {
        string change = kind switch
        {
            "retry" => "state = 'Planned', planned_at = @now, claimed_until = NULL, not_before = NULL, cause = NULL, sentence = NULL, fingerprint = NULL",
            "park" => "state = 'Refused', not_before = NULL, claimed_until = NULL",
            _ => "archived_at = @now",
        };
        Guid[] sorted = [.. issuances.Order()];
        if (sql.IsShared)
        {
            // Always in the order of their ids, as every other writer locks them.
            await transaction.ReadAsync($"SELECT 1 FROM issuances WHERE {sql.IsOneOf("issuance_id", "ids")} ORDER BY issuance_id FOR UPDATE", SqlValues.None.Add("ids", sorted), _ => 0, ct).ConfigureAwait(false);
        }

        IReadOnlyList<Guid> done = await transaction.ReadAsync(
            $"UPDATE issuances SET {change} WHERE {sql.IsOneOf("issuance_id", "ids")} AND {Failing} AND {States(kind)} AND (claimed_until IS NULL OR claimed_until <= @now) RETURNING issuance_id",
            SqlValues.None.Add("now", Now).Add("ids", sorted), r => r.Id(0), ct).ConfigureAwait(false);
        return [.. done];
    }

    private static async Task StoreItemsAsync(ISqlTransaction transaction, long job, IReadOnlyList<Guid> items, CancellationToken ct)
    {
        const int Rows = 200;
        for (int from = 0; from < items.Count; from += Rows)
        {
            int count = Math.Min(Rows, items.Count - from);
            SqlValues values = SqlValues.None.Add("job", job);
            for (int i = 0; i < count; i++)
            {
                values.Add($"p{i}", from + i).Add($"i{i}", items[from + i]);
            }

            await transaction.RunAsync($"INSERT INTO job_items (job_id, place, issuance_id) VALUES {string.Join(", ", Enumerable.Range(0, count).Select(i => $"(@job, @p{i}, @i{i})"))}", values, ct).ConfigureAwait(false);
        }
    }

    private static async Task<JobLine> WithCountsAsync(Reader read, JobLine job, CancellationToken ct)
    {
        if (!IsOfFailures(job.Kind))
        {
            return job;
        }

        IReadOnlyList<(long, long, long)> counts = await read.Invoke(
            """
            SELECT count(*) FILTER (WHERE j.result = 'done' OR (j.result IS NULL AND i.state = 'Issued')),
                count(*) FILTER (WHERE j.result IS NULL AND i.state <> 'Issued' AND i.cause IS NOT NULL),
                count(*) FILTER (WHERE j.result = 'skipped')
            FROM job_items AS j JOIN issuances AS i ON i.issuance_id = j.issuance_id WHERE j.job_id = @id AND j.taken_at IS NOT NULL
            """,
            SqlValues.None.Add("id", job.Id),
            r => (r.Number(0), r.Number(1), r.Number(2)),
            ct).ConfigureAwait(false);
        return job with { Succeeded = counts[0].Item1, Failed = counts[0].Item2, Skipped = counts[0].Item3 };
    }

    private static async Task<JobLine> JobAsync(ISqlTransaction transaction, long id, CancellationToken ct) =>
        (await transaction.ReadAsync($"SELECT {JobColumns} FROM jobs WHERE job_id = @id", SqlValues.None.Add("id", id), Job, ct).ConfigureAwait(false))[0];

    private static string Describe(JobOrder order, int count)
    {
        FailureFilter filter = order.Filter;
        string which = filter.Id is { } id ? $"issuance {id}" : string.Join(", ", new[] { filter.Cause, filter.Fingerprint is null ? null : $"kind {filter.Fingerprint}", filter.Issuer is null ? null : $"at {filter.Issuer}" }.OfType<string>().DefaultIfEmpty("all failures"));
        return string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {which}");
    }

    private static JobLine Job(SqlRow r) => new()
    {
        Id = r.Number(0), Kind = r.Text(1), What = r.Text(2), State = r.Text(3), Who = r.Text(4), Why = r.Text(5), ApprovedBy = r.TextOrNull(6), At = r.Time(7), BeganAt = r.TimeOrNull(8),
        EndedAt = r.TimeOrNull(9), Rate = r.RealOrNull(10) ?? 0, StopAt = r.RealOrNull(11), Items = r.Number(12), Taken = r.Number(13), Succeeded = r.Number(14), Failed = r.Number(15),
        Skipped = r.Number(16), Sentence = r.TextOrNull(17), Wish = r.TextOrNull(18) is { } wish ? System.Text.Json.JsonSerializer.Deserialize<JobWish>(wish)! : new JobWish(), Place = r.TextOrNull(19),
        OfJob = r.NumberOrNull(20), Found = r.Number(21),
    };

    private delegate Task<IReadOnlyList<(long, long, long)>> Reader(string text, SqlValues values, Func<SqlRow, (long, long, long)> row, CancellationToken ct);
}
