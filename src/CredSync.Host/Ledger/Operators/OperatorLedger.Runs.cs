using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// The history of polls, and wishes for one now.
internal sealed partial class OperatorLedger
{
    private const string RunColumns = "run_id, source, started_at, finished_at, pages, read, new, revised, unchanged, unreadable, planned, held, fault, fault_sentence";

    /// <summary>Polls, newest first.</summary>
    /// <param name="source">Of one source; null for all.</param>
    /// <param name="faulty">Only those that did not go well.</param>
    /// <param name="after">The cursor of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Page<RunLine>> RunsAsync(string? source, bool faulty, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None.Add("limit", limit + 1);
        Equal(conditions, values, "source", source);
        if (faulty)
        {
            conditions.Add("fault IS NOT NULL");
        }

        if (after is not null)
        {
            conditions.Add("run_id < @after");
            values.Add("after", long.TryParse(after, out long run) ? run : throw new CursorException());
        }

        IReadOnlyList<RunLine> rows = await sql.ReadAsync($"SELECT {RunColumns} FROM runs {Where(conditions)} ORDER BY run_id DESC LIMIT @limit", values, Run, ct).ConfigureAwait(false);
        return new Page<RunLine>([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Run.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    /// <summary>What the polls of a source read that began at a time or later.</summary>
    public async Task<SourceReads> ReadSinceAsync(string source, DateTimeOffset since, CancellationToken ct) => (await sql.ReadAsync(
        """
        SELECT count(*) FILTER (WHERE started_at >= @since), COALESCE(sum(read) FILTER (WHERE started_at >= @since), 0),
            count(*) FILTER (WHERE started_at >= @since AND finished_at IS NOT NULL AND fault IS NULL), count(*) FILTER (WHERE finished_at IS NULL AND started_at >= @recent)
        FROM runs WHERE source = @source
        """,
        SqlValues.None.Add("source", source).Add("since", since).Add("recent", Now.AddMinutes(-10)),
        r => new SourceReads(r.Number(0), r.Number(1), r.Number(2) > 0, r.Number(3) > 0),
        ct).ConfigureAwait(false))[0];

    /// <summary>Wishes that a source be polled now; whichever worker polls it does so within seconds.</summary>
    public Task WishPollAsync(string source, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            await transaction.RunAsync("INSERT INTO poll_wishes (source, at) VALUES (@source, @now) ON CONFLICT DO NOTHING", SqlValues.None.Add("source", source).Add("now", Now), ct).ConfigureAwait(false);
            return await transaction.RunAsync("UPDATE sources SET not_before = NULL WHERE name = @source", SqlValues.None.Add("source", source), ct).ConfigureAwait(false);
        },
        ct);

    /// <summary>Takes the wishes away, for whoever fulfils them.</summary>
    public async Task<IReadOnlyList<string>> TakePollWishesAsync(CancellationToken ct)
    {
        // Looked at first without writing: mostly there is none.
        IReadOnlyList<string> some = await sql.ReadAsync("SELECT source FROM poll_wishes", SqlValues.None, r => r.Text(0), ct).ConfigureAwait(false);
        return some.Count == 0 ? some : await sql.WriteAsync(t => t.ReadAsync("DELETE FROM poll_wishes RETURNING source", SqlValues.None, r => r.Text(0), ct), ct).ConfigureAwait(false);
    }

    private static RunLine Run(SqlRow r) => new()
    {
        Run = r.Number(0),
        Source = r.Text(1),
        StartedAt = r.Time(2),
        FinishedAt = r.TimeOrNull(3),
        Pages = r.Number(4),
        Read = r.Number(5),
        New = r.Number(6),
        Revised = r.Number(7),
        Duplicate = r.Number(8),
        Bad = r.Number(9),
        Planned = r.Number(10),
        Held = r.Number(11),
        Fault = r.TextOrNull(12),
        Sentence = r.TextOrNull(13),
    };
}

/// <summary>What polls of a source read.</summary>
/// <param name="Runs">How many polls.</param>
/// <param name="Read">How many records.</param>
/// <param name="HasEnded">Whether one of them came to the source's end.</param>
/// <param name="IsPolled">Whether one is under way at this moment, begun at any time.</param>
internal sealed record SourceReads(long Runs, long Read, bool HasEnded, bool IsPolled);
