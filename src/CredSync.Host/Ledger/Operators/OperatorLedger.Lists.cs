using CredSync.Core.Issuance;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Issuances, completions and acts, page by page.
internal sealed partial class OperatorLedger
{
    private const string SummaryColumns =
        "issuance_id, definition, subject_id, occurrence, issuer, state, decided_at, earned_at, expires_at, sent_at, outcome_at, not_before, attempts, credential_id, cause, fingerprint, sentence";

    // Completions "c" of people whom no rule has awarded anything, which is so or not in whatever order sources were read. People who were made one answer for each other.
    private const string OfNobodyAwarded =
        """
        c.subject_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM issuances AS i WHERE i.subject_id = c.subject_id) AND c.subject_id NOT IN (
            SELECT t.subject_id
            FROM (SELECT subject_id, merged_into AS one FROM people WHERE merged_into IS NOT NULL UNION SELECT merged_into, merged_into FROM people WHERE merged_into IS NOT NULL) AS t
            WHERE EXISTS (SELECT 1 FROM issuances AS i WHERE i.subject_id = t.one)
                OR EXISTS (SELECT 1 FROM people AS p JOIN issuances AS i ON i.subject_id = p.subject_id WHERE p.merged_into = t.one))
        """;

    /// <summary>Issuances, newest first.</summary>
    public async Task<Page<IssuanceSummary>> IssuancesAsync(IssuanceFilter filter, string? after, int limit, CancellationToken ct)
    {
        (List<string> conditions, SqlValues values) = Wanted(filter);
        if (after is not null)
        {
            (DateTimeOffset at, string[] rest) = ListCursor.Read(after, 1);
            conditions.Add("(decided_at, issuance_id) < (@at, @id)");
            values.Add("at", at).Add("id", ListCursor.Id(rest[0]));
        }

        IReadOnlyList<IssuanceSummary> rows = await sql.ReadAsync(
            $"SELECT {SummaryColumns} FROM issuances {Where(conditions)} ORDER BY decided_at DESC, issuance_id DESC LIMIT @limit", values.Add("limit", limit + 1), Summary, ct).ConfigureAwait(false);
        return new Page<IssuanceSummary>([.. rows.Take(limit)], rows.Count > limit ? ListCursor.Of(rows[limit - 1].DecidedAt, rows[limit - 1].Id.ToString()) : null);
    }

    /// <summary>How many issuances a filter finds.</summary>
    public Task<long> CountIssuancesAsync(IssuanceFilter filter, CancellationToken ct)
    {
        (List<string> conditions, SqlValues values) = Wanted(filter);
        return OneAsync($"SELECT count(*) FROM issuances {Where(conditions)}", values, ct);
    }

    /// <summary>Completions, newest first.</summary>
    public async Task<Page<CompletionSummary>> CompletionsAsync(CompletionFilter filter, string? after, int limit, CancellationToken ct)
    {
        (List<string> conditions, SqlValues values) = Wanted(filter);
        if (conditions.Count == 0 && !sql.IsShared)
        {
            // All of them; said as a range, SQLite walks over the index in its order instead of sorting the whole table.
            conditions.Add("first_seen >= ''");
        }

        if (after is not null)
        {
            (DateTimeOffset at, string[] rest) = ListCursor.Read(after, 2);
            conditions.Add("(first_seen, source, natural_key) < (@at, @afterSource, @afterKey)");
            values.Add("at", at).Add("afterSource", rest[0]).Add("afterKey", rest[1]);
        }

        IReadOnlyList<CompletionSummary> rows = await sql.ReadAsync(
            $"""
            SELECT source, natural_key, subject_id, course_key, status, completed_at, first_seen, hold_cause, hold_sentence FROM completions AS c
            {Where(conditions)} ORDER BY first_seen DESC, source DESC, natural_key DESC LIMIT @limit
            """,
            values.Add("limit", limit + 1),
            r => new CompletionSummary(r.Text(0), r.Text(1), r.IdOrNull(2), r.Text(3), r.Text(4), r.TimeOrNull(5), r.Time(6), r.TextOrNull(7), r.TextOrNull(8)),
            ct).ConfigureAwait(false);
        return new Page<CompletionSummary>([.. rows.Take(limit)], rows.Count > limit ? ListCursor.Of(rows[limit - 1].FirstSeen, rows[limit - 1].Source, rows[limit - 1].NaturalKey) : null);
    }

    /// <summary>How many completions a filter finds.</summary>
    public Task<long> CountCompletionsAsync(CompletionFilter filter, CancellationToken ct)
    {
        (List<string> conditions, SqlValues values) = Wanted(filter);
        return OneAsync($"SELECT count(*) FROM completions AS c {Where(conditions)}", values, ct);
    }

    /// <summary>Held issuances and credentials under review, oldest first.</summary>
    public async Task<Page<HoldLine>> HoldsAsync(string? cause, string? definition, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None.Add("limit", limit + 1);
        Equal(conditions, values, "cause", cause);
        Equal(conditions, values, "definition", definition);
        if (after is not null)
        {
            (DateTimeOffset at, string[] rest) = ListCursor.Read(after, 1);
            conditions.Add("(since, issuance_id) > (@at, @id)");
            values.Add("at", at).Add("id", ListCursor.Id(rest[0]));
        }

        IReadOnlyList<HoldLine> rows = await sql.ReadAsync(
            $"""
            SELECT issuance_id, definition, subject_id, issuer, cause, sentence, since, review, earned_at FROM (
                SELECT issuance_id, definition, subject_id, issuer, COALESCE(cause, '') AS cause, COALESCE(sentence, '') AS sentence, planned_at AS since, 0 AS review, earned_at FROM issuances WHERE state = 'Held' AND cause IS NOT NULL
                UNION ALL
                SELECT r.issuance_id, i.definition, i.subject_id, i.issuer, r.cause, r.sentence, r.opened_at, 1, i.earned_at
                FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL) AS held
            {Where(conditions)} ORDER BY since, issuance_id LIMIT @limit
            """,
            values,
            r => new HoldLine(r.Id(0), r.Text(1), r.Id(2), r.Text(3), r.Text(4), r.Text(5), r.Time(6), r.Number(7) == 1, r.TimeOrNull(8)),
            ct).ConfigureAwait(false);
        return new Page<HoldLine>([.. rows.Take(limit)], rows.Count > limit ? ListCursor.Of(rows[limit - 1].Since, rows[limit - 1].Id.ToString()) : null);
    }

    /// <summary>Acts, newest first.</summary>
    public async Task<Page<ActLine>> ActsAsync(string? target, string? who, string? verb, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None.Add("limit", limit + 1);
        Equal(conditions, values, "target", target);
        Equal(conditions, values, "verb", verb);
        By(conditions, values, who);
        if (after is not null)
        {
            conditions.Add("act_id < @after");
            values.Add("after", long.TryParse(after, out long act) ? act : throw new CursorException());
        }

        IReadOnlyList<ActLine> rows = await sql.ReadAsync(
            $"SELECT act_id, at, who, verb, target, why, detail, was, became FROM acts {Where(conditions)} ORDER BY act_id DESC LIMIT @limit",
            values,
            r => new ActLine(r.Number(0), r.Time(1), r.Text(2), r.Text(3), r.Text(4), r.Text(5), r.Text(6)) { Was = r.TextOrNull(7), Became = r.TextOrNull(8) },
            ct).ConfigureAwait(false);
        return new Page<ActLine>([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Acts on any of some targets, newest first.</summary>
    public Task<IReadOnlyList<ActLine>> ActsOnAsync(IReadOnlyList<string> targets, int limit, CancellationToken ct)
    {
        SqlValues values = SqlValues.None.Add("limit", limit);
        return sql.ReadAsync(
            $"SELECT act_id, at, who, verb, target, why, detail, was, became FROM acts WHERE target IN ({Names(values, targets)}) ORDER BY act_id DESC LIMIT @limit",
            values,
            r => new ActLine(r.Number(0), r.Time(1), r.Text(2), r.Text(3), r.Text(4), r.Text(5), r.Text(6)) { Was = r.TextOrNull(7), Became = r.TextOrNull(8) },
            ct);
    }

    private (List<string> Conditions, SqlValues Values) Wanted(IssuanceFilter filter)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None;
        Equal(conditions, values, "definition", filter.Definition);
        Equal(conditions, values, "issuer", filter.Issuer);
        Equal(conditions, values, "cause", filter.Cause);
        Equal(conditions, values, "fingerprint", filter.Fingerprint);
        if (filter.State is { } state)
        {
            // One of five words, so that partial indexes apply. What is held or refused has a cause.
            conditions.Add($"state = '{state}'");
            if (state is IssuanceState.Held or IssuanceState.Refused)
            {
                conditions.Add("cause IS NOT NULL");
            }
            else if (state is IssuanceState.Planned or IssuanceState.Sent && sql.IsShared)
            {
                conditions.Add($"issuance_id IN (SELECT issuance_id FROM outbox WHERE {(state == IssuanceState.Sent ? "sent_at" : "due_at")} IS NOT NULL)");
            }
        }

        if (filter.Failing)
        {
            conditions.Add(Failing);
        }

        if (filter.DecidedSince is { } since)
        {
            conditions.Add("decided_at >= @since");
            values.Add("since", since);
        }

        if (filter.ExpiresBefore is { } end)
        {
            conditions.Add("expires_at IS NOT NULL AND expires_at <= @end");
            values.Add("end", end);
        }

        return (conditions, values);
    }

    private static (List<string> Conditions, SqlValues Values) Wanted(CompletionFilter filter)
    {
        var conditions = new List<string>();
        SqlValues values = SqlValues.None;
        Equal(conditions, values, "source", filter.Source);
        Equal(conditions, values, "course_key", filter.Course);
        Equal(conditions, values, "hold_cause", filter.Cause);
        if (filter.Held)
        {
            conditions.Add("hold_cause IS NOT NULL");
        }

        if (filter.SeenSince is { } since)
        {
            conditions.Add("first_seen >= @since");
            values.Add("since", since);
        }

        if (filter.WithoutCredential)
        {
            conditions.Add(OfNobodyAwarded);
        }

        return (conditions, values);
    }

    private async Task<long> OneAsync(string text, SqlValues values, CancellationToken ct) => (await sql.ReadAsync(text, values, r => r.Number(0), ct).ConfigureAwait(false))[0];

    private static IssuanceSummary Summary(SqlRow r) => new()
    {
        Id = r.Id(0),
        Definition = r.Text(1),
        Subject = r.Id(2),
        Occurrence = r.Text(3),
        Issuer = r.Text(4),
        State = r.Text(5),
        DecidedAt = r.TimeOrNull(6),
        EarnedAt = r.TimeOrNull(7),
        ExpiresAt = r.TimeOrNull(8),
        SentAt = r.TimeOrNull(9),
        OutcomeAt = r.TimeOrNull(10),
        NotBefore = r.TimeOrNull(11),
        Attempts = r.Number(12),
        CredentialId = r.TextOrNull(13),
        Cause = r.TextOrNull(14),
        Fingerprint = r.TextOrNull(15),
        Sentence = r.TextOrNull(16),
    };
}
