using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Figures of the overview.
internal sealed partial class OperatorLedger
{
    /// <summary>How far what came in since a time has got.</summary>
    public async Task<Funnel> FunnelAsync(DateTimeOffset since, CancellationToken ct)
    {
        SqlValues Since() => SqlValues.None.Add("since", since);
        (long read, long fresh, long known, long bad) = (await sql.ReadAsync(
            "SELECT COALESCE(sum(read), 0), COALESCE(sum(new), 0), COALESCE(sum(revised + unchanged), 0), COALESCE(sum(unreadable), 0) FROM runs WHERE started_at >= @since",
            Since(), r => (r.Number(0), r.Number(1), r.Number(2), r.Number(3)), ct).ConfigureAwait(false))[0];
        (long seen, long held, long nothing) = (await sql.ReadAsync(
            $"""
            SELECT count(*), count(*) FILTER (WHERE hold_cause IS NOT NULL), count(*) FILTER (WHERE {OfNobodyAwarded})
            FROM completions AS c WHERE first_seen >= @since
            """,
            Since(), r => (r.Number(0), r.Number(1), r.Number(2)), ct).ConfigureAwait(false))[0];
        IReadOnlyList<(string State, bool Sent, long Count)> states = await sql.ReadAsync(
            "SELECT state, CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END, count(*) FROM issuances WHERE decided_at >= @since GROUP BY state, CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END",
            Since(), r => (r.Text(0), r.Number(1) == 1, r.Number(2)), ct).ConfigureAwait(false);
        long Of(IssuanceState state, bool? sent = null) => states.Where(s => s.State == state.ToString() && (sent is null || s.Sent == sent)).Sum(s => s.Count);
        long decided = states.Sum(s => s.Count);
        long waiting = Of(IssuanceState.Held, sent: false);
        long planned = Of(IssuanceState.Planned);
        long refusedUnsent = Of(IssuanceState.Refused, sent: false);
        return new Funnel
        {
            Since = since,
            Read = read,
            Known = known,
            Unreadable = bad,
            New = seen,
            Unmatched = held,
            PersonFound = seen - held,
            WithoutCredential = nothing,
            Decided = decided,
            Held = waiting,
            Rejected = refusedUnsent,
            Approved = decided - waiting - refusedUnsent,
            Planned = planned,
            Sent = decided - waiting - refusedUnsent - planned,
            OnTheWay = Of(IssuanceState.Sent),
            Refused = Of(IssuanceState.Refused, sent: true),
            InDoubt = Of(IssuanceState.Held, sent: true),
            Issued = decided - waiting - refusedUnsent - planned - Of(IssuanceState.Sent) - Of(IssuanceState.Refused, sent: true) - Of(IssuanceState.Held, sent: true),
        };
    }

    /// <summary>From the completion's date, and from when it was decided, to the credential: the half and the slowest twentieth, of what was decided since a time.</summary>
    public async Task<Latency> LatencyAsync(DateTimeOffset since, CancellationToken ct)
    {
        // As many as tell the truth to a per cent; the newest.
        const int Sample = 10_000;
        IReadOnlyList<(DateTimeOffset? Earned, DateTimeOffset Decided, DateTimeOffset Issued)> rows = await sql.ReadAsync(
            "SELECT earned_at, decided_at, outcome_at FROM issuances WHERE state = 'Issued' AND decided_at >= @since AND outcome_at IS NOT NULL ORDER BY decided_at DESC LIMIT @sample",
            SqlValues.None.Add("since", since).Add("sample", Sample), r => (r.TimeOrNull(0), r.Time(1), r.Time(2)), ct).ConfigureAwait(false);
        List<TimeSpan> earned = [.. rows.Where(r => r.Earned is not null).Select(r => r.Issued - r.Earned!.Value).Order()];
        List<TimeSpan> decided = [.. rows.Select(r => r.Issued > r.Decided ? r.Issued - r.Decided : TimeSpan.Zero).Order()];   // two clocks may be apart by a little
        return new Latency(rows.Count, At(earned, 0.5), At(earned, 0.95), At(decided, 0.5), At(decided, 0.95));
    }

    /// <summary>When the oldest planned issuance that is due was decided; null when none waits.</summary>
    public async Task<DateTimeOffset?> OldestWaitingAsync(CancellationToken ct) =>
        (await sql.ReadAsync(
            sql.IsShared ? "SELECT min(i.planned_at) FROM outbox AS o JOIN issuances AS i ON i.issuance_id = o.issuance_id WHERE o.due_at IS NOT NULL" : "SELECT min(planned_at) FROM issuances WHERE state = 'Planned'",
            SqlValues.None,
            r => r.TimeOrNull(0),
            ct).ConfigureAwait(false))[0];

    /// <summary>When the oldest delivery of a webhook that waits to be taken in arrived; null when none waits.</summary>
    public async Task<DateTimeOffset?> OldestDeliveryAsync(CancellationToken ct) =>
        (await sql.ReadAsync("SELECT min(received_at) FROM deliveries WHERE state = 'Waiting'", SqlValues.None, r => r.TimeOrNull(0), ct).ConfigureAwait(false))[0];

    /// <summary>What every source ever told, in polls.</summary>
    public Task<IReadOnlyList<ReadCount>> ReadCountsAsync(CancellationToken ct) => sql.ReadAsync(
        "SELECT source, sum(new), sum(revised), sum(unchanged), sum(unreadable) FROM runs GROUP BY source ORDER BY source",
        SqlValues.None,
        r => new ReadCount(r.Text(0), r.Number(1), r.Number(2), r.Number(3), r.Number(4)),
        ct);

    /// <summary>What every issuer did last, and what waits for it.</summary>
    public Task<IReadOnlyList<IssuerFigures>> IssuersAsync(CancellationToken ct) => sql.ReadAsync(
        $"""
        SELECT issuer, count(*), count(*) FILTER (WHERE state = 'Refused'), count(*) FILTER (WHERE state = 'Held'), count(*) FILTER (WHERE state IN ('Planned', 'Sent')),
            max(outcome_at), min(CASE WHEN state = 'Planned' THEN not_before END), max(CASE WHEN cause = 'issuer-left-alone' THEN outcome_at END)
        FROM issuances WHERE {Failing} GROUP BY issuer
        """,
        SqlValues.None,
        r => new IssuerFigures(r.Text(0), r.Number(1), r.Number(2), r.Number(3), r.Number(4), r.TimeOrNull(5), r.TimeOrNull(6), r.TimeOrNull(7)),
        ct);

    /// <summary>The last time that an issuer issued; null when it never did.</summary>
    public async Task<DateTimeOffset?> LastIssuedAsync(string issuer, CancellationToken ct) =>
        (await sql.ReadAsync(
            "SELECT outcome_at FROM issuances WHERE state = 'Issued' AND issuer = @issuer AND outcome_at IS NOT NULL ORDER BY decided_at DESC LIMIT 1", SqlValues.None.Add("issuer", issuer), r => r.TimeOrNull(0), ct).ConfigureAwait(false))
        .FirstOrDefault();

    /// <summary>How many credentials of each definition expire until a time.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ExpiringAsync(DateTimeOffset until, CancellationToken ct) =>
        (await sql.ReadAsync(
            "SELECT definition, count(*) FROM issuances WHERE expires_at IS NOT NULL AND state = 'Issued' AND expires_at > @now AND expires_at <= @until GROUP BY definition",
            SqlValues.None.Add("now", Now).Add("until", until), r => (r.Text(0), r.Number(1)), ct).ConfigureAwait(false))
        .ToDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal);

    /// <summary>How the rule was met in the newest awards of a definition.</summary>
    public Task<IReadOnlyList<RuleTrace>> TracesAsync(string definition, int limit, CancellationToken ct) => sql.ReadAsync(
        sql.IsShared
            ? "SELECT a.trace::text FROM (SELECT issuance_id FROM issuances WHERE definition = @definition ORDER BY decided_at DESC, issuance_id DESC LIMIT @limit) AS i JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id"
            : "SELECT trace FROM issuances WHERE definition = @definition ORDER BY decided_at DESC, issuance_id DESC LIMIT @limit",
        SqlValues.None.Add("definition", definition).Add("limit", limit),
        r => LedgerJson.ReadTrace(r.Text(0)),
        ct);

    /// <summary>How many issuances of a definition were decided on each day, UTC, since a time; days with none are left out.</summary>
    public Task<IReadOnlyList<DayCount>> AwardsPerDayAsync(string definition, DateTimeOffset since, CancellationToken ct) => PerDayAsync(
        "decided_at", "definition = @word AND decided_at >= @since", SqlValues.None.Add("word", definition).Add("since", since), ct);

    /// <summary>How many failures that are not settled came on each day, UTC, since a time; of one cause, or of all.</summary>
    public Task<IReadOnlyList<DayCount>> FailuresPerDayAsync(string? cause, DateTimeOffset since, CancellationToken ct) => PerDayAsync(
        "outcome_at", $"{Failing} AND outcome_at >= @since{(cause is null ? "" : " AND cause = @word")}", SqlValues.None.Add("since", since).Add("word", cause ?? ""), ct);

    private Task<IReadOnlyList<DayCount>> PerDayAsync(string column, string where, SqlValues values, CancellationToken ct)
    {
        string day = sql.IsShared ? $"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')" : $"substr({column}, 1, 10)";
        return sql.ReadAsync($"SELECT {day}, count(*) FROM issuances WHERE {where} GROUP BY {day} ORDER BY {day}", values, r => new DayCount(DateOnly.Parse(r.Text(0), System.Globalization.CultureInfo.InvariantCulture), r.Number(1)), ct);
    }

    private static TimeSpan? At(List<TimeSpan> sorted, double share) => sorted.Count == 0 ? null : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}

/// <summary>How far what came in since a time has got. Each stage, and what was left behind before the next.</summary>
internal sealed record Funnel
{
    public required DateTimeOffset Since { get; init; }

    /// <summary>Records that sources told of, in runs that began since then.</summary>
    public required long Read { get; init; }

    public required long Known { get; init; }

    public required long Unreadable { get; init; }

    /// <summary>Completions that were seen for the first time.</summary>
    public required long New { get; init; }

    /// <summary>Of these, how many wait for a person to be named.</summary>
    public required long Unmatched { get; init; }

    public required long PersonFound { get; init; }

    /// <summary>Completions of people whom no rule has awarded anything so far, in whatever order sources were read.</summary>
    public required long WithoutCredential { get; init; }

    /// <summary>Issuances that a rule decided.</summary>
    public required long Decided { get; init; }

    public required long Held { get; init; }

    public required long Rejected { get; init; }

    public required long Approved { get; init; }

    public required long Planned { get; init; }

    public required long Sent { get; init; }

    public required long OnTheWay { get; init; }

    public required long Refused { get; init; }

    public required long InDoubt { get; init; }

    public required long Issued { get; init; }
}

/// <summary>How long it takes from the completion, and from the decision, to the credential.</summary>
internal sealed record Latency(int Sample, TimeSpan? CompletionHalf, TimeSpan? CompletionSlowest, TimeSpan? DecisionHalf, TimeSpan? DecisionSlowest);

/// <summary>What a source ever told.</summary>
internal sealed record ReadCount(string Source, long New, long Revised, long Duplicate, long Bad);

/// <summary>What is in trouble at an issuer.</summary>
internal sealed record IssuerFigures(string Issuer, long Failing, long Refused, long InDoubt, long Waiting, DateTimeOffset? LastTrouble, DateTimeOffset? NextAttempt, DateTimeOffset? LeftAlone);

/// <summary>How many on a day, UTC.</summary>
internal sealed record DayCount(DateOnly Day, long Count);
