using CredSync.Sources;

namespace CredSync.Host.Ledger.Postgres;

// What committing a page settles.
internal sealed partial class PostgresIntakeTransaction
{
    public async Task CommitAsync(Cursor next, PageCounts counts, CancellationToken ct)
    {
        bool held = origin switch
        {
            RunLease run => await MoveAsync(run, next, counts, ct).ConfigureAwait(false),
            DeliveryClaim claim => await MarkTakenAsync(claim, counts, ct).ConfigureAwait(false),
            _ => false,
        };
        if (!held)
        {
            throw new LeaseLostException(origin.Source);
        }

        await PartAsync(
            async () =>
            {
                await transaction.CommitAsync(ct).ConfigureAwait(false);
                return true;
            },
            ct).ConfigureAwait(false);
    }

    private Task<bool> MoveAsync(RunLease run, Cursor next, PageCounts counts, CancellationToken ct)
    {
        // The run must still be open as well: a lease that this very worker took again belongs to a later run.
        return PartAsync(
            async () => (await Bulk(
                """
                WITH moved AS (
                    UPDATE sources SET cursor = @cursor, lease_until = @until, newest_completion = GREATEST(newest_completion, @newest)
                    WHERE name = @source AND lease_owner = @owner AND EXISTS (SELECT 1 FROM runs WHERE run_id = @run AND finished_at IS NULL)
                    RETURNING name),
                counted AS (
                    UPDATE runs SET pages = pages + 1, read = read + @read, new = new + @new, revised = revised + @revised, unchanged = unchanged + @unchanged,
                        unreadable = unreadable + @unreadable, planned = planned + @planned, held = held + @held
                    WHERE run_id = @run AND EXISTS (SELECT 1 FROM moved))
                SELECT EXISTS (SELECT 1 FROM moved), CASE WHEN @notify THEN pg_notify(@channel, '') END
                """)
                .Word("cursor", next.Value).Time("until", time.GetUtcNow() + run.Lease).Time("newest", counts.NewestCompletion).Word("source", run.Source).Word("owner", run.Owner).Number("run", run.Run)
                .Number("read", counts.Read).Number("new", counts.New).Number("revised", counts.Revised).Number("unchanged", counts.Unchanged)
                .Number("unreadable", counts.Unreadable).Number("planned", counts.Planned).Number("held", counts.Held)
                .Flag("notify", planned).Word("channel", PostgresLedger.PlannedChannel)
                .ReadAsync(r => r.GetBoolean(0), ct).ConfigureAwait(false))[0],
            ct);
    }

    private Task<bool> MarkTakenAsync(DeliveryClaim claim, PageCounts counts, CancellationToken ct) => PartAsync(
        async () => (await Bulk(
            """
            WITH taken AS (
                UPDATE deliveries SET state = 'Taken', done_at = @now, claimed_by = NULL, claimed_until = NULL, not_before = NULL, cause = NULL, sentence = NULL
                WHERE delivery_no = ANY(@numbers) AND state = 'Waiting' AND claimed_by = @owner
                RETURNING delivery_no),
            newest AS (UPDATE sources SET newest_completion = @newest WHERE name = @source AND @newest > COALESCE(newest_completion, '-infinity'))
            SELECT (SELECT count(*) FROM taken) = @count, CASE WHEN @notify THEN pg_notify(@channel, '') END
            """)
            .Time("now", now).LongNumbers("numbers", claim.Numbers).Word("owner", claim.Owner).Number("count", claim.Numbers.Count)
            .Time("newest", counts.NewestCompletion).Word("source", claim.Source).Flag("notify", planned).Word("channel", PostgresLedger.PlannedChannel)
            .ReadAsync(r => r.GetBoolean(0), ct).ConfigureAwait(false))[0],
        ct);
}
