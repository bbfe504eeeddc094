using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// What committing a page settles.
internal sealed partial class SqliteIntakeTransaction
{
    public async Task CommitAsync(Cursor next, PageCounts counts, CancellationToken ct)
    {
        if (!session.HasBegun && origin is RunLease)
        {
            // Nothing but the cursor moves. Should the power fail before the disk has it, the page is read again, and it waits for no disk until something is brought.
            session.BeginUnhurried();
        }

        switch (origin)
        {
            case RunLease run:
                await MoveAsync(run, next, counts, ct).ConfigureAwait(false);
                break;
            case DeliveryClaim claim:
                await MarkTakenAsync(claim, counts, ct).ConfigureAwait(false);
                break;
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
    }

    private async Task MoveAsync(RunLease run, Cursor next, PageCounts counts, CancellationToken ct)
    {
        int moved = await session.Connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE sources SET cursor = @cursor, lease_until = @until,
                newest_completion = CASE WHEN @newest > COALESCE(newest_completion, '') THEN @newest ELSE newest_completion END
            WHERE name = @Source AND lease_owner = @Owner AND EXISTS (SELECT 1 FROM runs WHERE run_id = @Run AND finished_at IS NULL)
            """,
            new { cursor = next.Value, until = SqliteText.Of(time.GetUtcNow() + run.Lease), newest = SqliteText.Of(counts.NewestCompletion), run.Source, run.Owner, run.Run },
            session.Transaction,
            cancellationToken: ct)).ConfigureAwait(false);
        if (moved == 0)
        {
            throw new LeaseLostException(run.Source);
        }

        await session.Connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE runs SET pages = pages + 1, read = read + @Read, new = new + @New, revised = revised + @Revised, unchanged = unchanged + @Unchanged,
                unreadable = unreadable + @Unreadable, planned = planned + @Planned, held = held + @Held
            WHERE run_id = @Run
            """,
            new { counts.Read, counts.New, counts.Revised, counts.Unchanged, counts.Unreadable, counts.Planned, counts.Held, run.Run },
            session.Transaction,
            cancellationToken: ct)).ConfigureAwait(false);
    }

    private async Task MarkTakenAsync(DeliveryClaim claim, PageCounts counts, CancellationToken ct)
    {
        int taken = await session.Connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE deliveries SET state = 'Taken', done_at = @now, claimed_by = NULL, claimed_until = NULL, not_before = NULL, cause = NULL, sentence = NULL
            WHERE delivery_no IN (SELECT value FROM json_each(@numbers)) AND state = 'Waiting' AND claimed_by = @Owner
            """,
            new { now, numbers = LedgerJson.Write(claim.Numbers), claim.Owner },
            session.Transaction,
            cancellationToken: ct)).ConfigureAwait(false);
        if (taken != claim.Numbers.Count)
        {
            throw new LeaseLostException(claim.Source);
        }

        await session.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sources SET newest_completion = @newest WHERE name = @Source AND @newest > COALESCE(newest_completion, '')",
            new { newest = SqliteText.Of(counts.NewestCompletion), claim.Source },
            session.Transaction,
            cancellationToken: ct)).ConfigureAwait(false);
    }
}
