using System.Globalization;
using System.Text.Json;
using CredSync.Host.Storage;
using CredSync.Issuers;

namespace CredSync.Host.Ledger.Operators;

// Jobs that find their own way: each step is written down with what it found, in one transaction.
internal sealed partial class OperatorLedger
{
    private const string ChangeColumns = "place, act, issuance_id, definition, subject_id, occurrence, issuer, cause, earned_at, credential_id, public_url, sentence, taken_at, result";
    private const int RowsAtOnce = 50;

    /// <summary>Whether the counts of a job of this kind are read from what became of its issuances.</summary>
    public static bool IsOfFailures(string kind) => kind is "retry" or "park" or "archive";

    /// <summary>Makes a job.</summary>
    public Task<JobLine> MakeWorkAsync(WorkOrder order, CancellationToken ct) => sql.WriteAsync(transaction => MakeWorkAsync(transaction, order, ct), ct);

    private async Task<JobLine> MakeWorkAsync(ISqlTransaction transaction, WorkOrder order, CancellationToken ct)
    {
        long id = (await transaction.ReadAsync(
            """
            INSERT INTO jobs (kind, what, state, who, why, at, began_at, rate, stop_at, items, wish, of_job)
            VALUES (@kind, @what, @state, @who, @why, @now, @began, @rate, NULL, @items, @wish, @of) RETURNING job_id
            """,
            SqlValues.None.Add("kind", order.Kind).Add("what", order.What).Add("state", order.Waits ? "waiting" : "running").Add("who", order.Who).Add("why", order.Why).Add("now", Now)
                .Add("began", order.Waits ? null : Now).Add("rate", order.Rate).Add("items", order.Items).Add("wish", JsonSerializer.Serialize(order.Wish)).Add("of", order.OfJob),
            r => r.Number(0),
            ct).ConfigureAwait(false))[0];
        await StoreItemsAsync(transaction, id, order.Issuances, ct).ConfigureAwait(false);
        await RecordAsync(transaction, new Act(order.Who, order.Kind, $"job {id}", order.Why, $"job {id}: {order.What}") { Became = order.Waits ? "waiting for a second person" : "running" }, ct).ConfigureAwait(false);
        return await JobAsync(transaction, id, ct).ConfigureAwait(false);
    }

    /// <summary>Writes down what a step did.</summary>
    /// <returns>False when the job does not run any more or another worker has it: nothing was written, and the step is done again by whoever has it.</returns>
    public Task<bool> AdvanceAsync(JobLine job, string owner, JobStep step, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            if ((await transaction.ReadAsync($"SELECT 1 FROM jobs WHERE job_id = @id AND state = 'running' AND lease_owner = @owner{Lock}", SqlValues.None.Add("id", job.Id).Add("owner", owner), r => r.Number(0), ct).ConfigureAwait(false)).Count == 0)
            {
                return false;
            }

            await StoreChangesAsync(transaction, job.Id, step.Found, ct).ConfigureAwait(false);
            await StoreListedAsync(transaction, job.Id, step.Listed, ct).ConfigureAwait(false);
            foreach (string[] met in step.Met.Chunk(RowsAtOnce))
            {
                SqlValues values = SqlValues.None.Add("id", job.Id);
                await transaction.RunAsync($"UPDATE job_listed SET met = 1 WHERE job_id = @id AND credential_id IN ({Names(values, met)})", values, ct).ConfigureAwait(false);
            }

            foreach ((long place, string result) in step.Results)
            {
                // The changes are another's, or the job's own items.
                await transaction.RunAsync(
                    job.OfJob is null ? "UPDATE job_items SET taken_at = @now, result = @result WHERE job_id = @of AND place = @place" : "UPDATE job_changes SET taken_at = @now, result = @result WHERE job_id = @of AND place = @place",
                    SqlValues.None.Add("now", Now).Add("result", result).Add("of", job.OfJob ?? job.Id).Add("place", place),
                    ct).ConfigureAwait(false);
            }

            await transaction.RunAsync(
                """
                UPDATE jobs SET place = COALESCE(@place, place), items = COALESCE(@items, items), taken = taken + @taken, succeeded = succeeded + @succeeded, failed = failed + @failed,
                    skipped = skipped + @skipped, found = found + @found, sentence = @sentence
                WHERE job_id = @id
                """,
                SqlValues.None.Add("place", step.Place ?? job.Place ?? "").Add("items", step.Items ?? job.Items).Add("taken", step.Taken).Add("succeeded", step.Succeeded).Add("failed", step.Failed)
                    .Add("skipped", step.Skipped).Add("found", step.Found.Count).Add("sentence", step.Waits).Add("id", job.Id),
                ct).ConfigureAwait(false);
            if (step.IsLast)
            {
                await transaction.RunAsync("DELETE FROM job_listed WHERE job_id = @id", SqlValues.None.Add("id", job.Id), ct).ConfigureAwait(false);
            }

            return true;
        },
        ct);

    /// <summary>The next issuances that a job has not taken.</summary>
    public Task<IReadOnlyList<(long Place, Guid Issuance)>> NextItemsAsync(long job, int count, CancellationToken ct) => sql.ReadAsync(
        "SELECT place, issuance_id FROM job_items WHERE job_id = @id AND taken_at IS NULL ORDER BY place LIMIT @count", SqlValues.None.Add("id", job).Add("count", count), r => (r.Number(0), r.Id(1)), ct);

    /// <summary>The next changes of a job that were not applied and that can be.</summary>
    public Task<IReadOnlyList<JobChange>> NextChangesAsync(long job, int count, CancellationToken ct) => sql.ReadAsync(
        $"SELECT {ChangeColumns} FROM job_changes WHERE job_id = @id AND taken_at IS NULL AND act <> 'look' ORDER BY place LIMIT @count", SqlValues.None.Add("id", job).Add("count", count), Change, ct);

    /// <summary>The changes of a job, in their order.</summary>
    public async Task<Page<JobChange>> ChangesAsync(long job, string? act, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<string> { "job_id = @id" };
        SqlValues values = SqlValues.None.Add("id", job).Add("limit", limit + 1);
        Equal(conditions, values, "act", act);
        if (after is not null)
        {
            conditions.Add("place > @after");
            values.Add("after", long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : throw new CursorException());
        }

        IReadOnlyList<JobChange> rows = await sql.ReadAsync($"SELECT {ChangeColumns} FROM job_changes {Where(conditions)} ORDER BY place LIMIT @limit", values, Change, ct).ConfigureAwait(false);
        return new Page<JobChange>([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Place.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>How many changes of each kind a job has, and how many of them were not applied.</summary>
    public Task<IReadOnlyList<ChangeCount>> CountChangesAsync(long job, CancellationToken ct) => sql.ReadAsync(
        """
        SELECT act, cause, definition, count(*), count(*) FILTER (WHERE taken_at IS NULL AND act <> 'look') FROM job_changes WHERE job_id = @id
        GROUP BY act, cause, definition ORDER BY act, cause, definition
        """,
        SqlValues.None.Add("id", job),
        r => new ChangeCount(r.Text(0), r.TextOrNull(1), r.TextOrNull(2), r.Number(3), r.Number(4)),
        ct);

    private static async Task StoreChangesAsync(ISqlTransaction transaction, long job, IReadOnlyList<JobChange> changes, CancellationToken ct)
    {
        if (changes.Count == 0)
        {
            return;
        }

        long place = (await transaction.ReadAsync("SELECT COALESCE(max(place), 0) FROM job_changes WHERE job_id = @id", SqlValues.None.Add("id", job), r => r.Number(0), ct).ConfigureAwait(false))[0];
        foreach (JobChange change in changes)
        {
            await transaction.RunAsync(
                """
                INSERT INTO job_changes (job_id, place, act, issuance_id, definition, subject_id, occurrence, issuer, cause, earned_at, credential_id, public_url, sentence)
                VALUES (@id, @place, @act, @issuance, @definition, @subject, @occurrence, @issuer, @cause, @earned, @credential, @url, @sentence)
                """,
                SqlValues.None.Add("id", job).Add("place", ++place).Add("act", change.Act).Add("issuance", change.Issuance).Add("definition", change.Definition).Add("subject", change.Subject)
                    .Add("occurrence", change.Occurrence).Add("issuer", change.Issuer).Add("cause", change.Cause).Add("earned", change.EarnedAt).Add("credential", change.CredentialId)
                    .Add("url", change.PublicUrl).Add("sentence", change.Sentence),
                ct).ConfigureAwait(false);
        }
    }

    private static async Task StoreListedAsync(ISqlTransaction transaction, long job, IReadOnlyList<ListedCredential> listed, CancellationToken ct)
    {
        foreach (ListedCredential each in listed)
        {
            // A list that moves while it is read tells some twice.
            await transaction.RunAsync(
                """
                INSERT INTO job_listed (job_id, credential_id, issuance_id, subject_id, template, earned_at, revoked, public_url)
                VALUES (@id, @credential, @issuance, @subject, @template, @earned, @revoked, @url) ON CONFLICT DO NOTHING
                """,
                SqlValues.None.Add("id", job).Add("credential", each.CredentialId).Add("issuance", each.IssuanceId).Add("subject", each.SubjectId).Add("template", each.Template).Add("earned", each.EarnedAt)
                    .Add("revoked", each.IsRevoked ? 1 : 0).Add("url", each.PublicUrl),
                ct).ConfigureAwait(false);
        }
    }

    private static string Names(SqlValues values, IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            values.Add($"w{i}", words[i]);
        }

        return string.Join(", ", words.Select((_, i) => $"@w{i}"));
    }

    private static JobChange Change(SqlRow r) => new()
    {
        Place = r.Number(0), Act = r.Text(1), Issuance = r.IdOrNull(2), Definition = r.TextOrNull(3), Subject = r.IdOrNull(4), Occurrence = r.TextOrNull(5), Issuer = r.Text(6), Cause = r.TextOrNull(7),
        EarnedAt = r.TimeOrNull(8), CredentialId = r.TextOrNull(9), PublicUrl = r.TextOrNull(10), Sentence = r.TextOrNull(11), TakenAt = r.TimeOrNull(12), Result = r.TextOrNull(13),
    };
}
