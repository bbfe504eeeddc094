using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// What went wrong, by cause and fingerprint.
internal sealed partial class OperatorLedger
{
    /// <summary>All failures in groups, the largest first: issuances by cause, fingerprint and issuer; records that could not be read by cause and source.</summary>
    public async Task<IReadOnlyList<FailureGroup>> FailureGroupsAsync(CancellationToken ct)
    {
        SqlValues values = SqlValues.None.Add("hour", Now.AddHours(-1)).Add("day", Now.AddDays(-1));
        IReadOnlyList<FailureGroup> issuances = await sql.ReadAsync(
            $"""
            SELECT cause, COALESCE(fingerprint, ''), issuer, count(*), count(*) FILTER (WHERE state IN ('Planned', 'Sent')), count(*) FILTER (WHERE state = 'Held'),
                count(*) FILTER (WHERE outcome_at >= @hour), count(*) FILTER (WHERE outcome_at >= @day), min(outcome_at), max(outcome_at), COALESCE(min(sentence), '')
            FROM issuances WHERE {Failing} GROUP BY cause, COALESCE(fingerprint, ''), issuer
            """,
            values,
            r => Group(r, "issuance"),
            ct).ConfigureAwait(false);
        IReadOnlyList<FailureGroup> records = await sql.ReadAsync(
            """
            SELECT cause, '', source, count(*), 0, 0, count(*) FILTER (WHERE last_seen >= @hour), count(*) FILTER (WHERE last_seen >= @day), min(first_seen), max(last_seen), min(sentence)
            FROM set_aside WHERE archived_at IS NULL GROUP BY cause, source
            """,
            SqlValues.None.Add("hour", Now.AddHours(-1)).Add("day", Now.AddDays(-1)),
            r => Group(r, "record"),
            ct).ConfigureAwait(false);
        Dictionary<(string, string), FailureNote> notes = (await sql.ReadAsync(
            "SELECT cause, fingerprint, note, who, at FROM failure_notes", SqlValues.None, r => (Key: (r.Text(0), r.Text(1)), Note: new FailureNote(r.Text(2), r.Text(3), r.Time(4))), ct).ConfigureAwait(false))
            .ToDictionary(n => n.Key, n => n.Note);
        return
        [
            .. issuances.Concat(records).Select(g => g with { Note = notes.GetValueOrDefault((g.Cause, g.Fingerprint)) })
                .OrderByDescending(g => g.Count).ThenBy(g => g.Cause, StringComparer.Ordinal).ThenBy(g => g.Fingerprint, StringComparer.Ordinal).ThenBy(g => g.Place, StringComparer.Ordinal),
        ];
    }

    /// <summary>How many issuances of a filter an act of a kind would be done to.</summary>
    public Task<long> CountFailuresAsync(FailureFilter filter, string kind, CancellationToken ct)
    {
        (string where, SqlValues values) = Chosen(filter, kind);
        return OneAsync($"SELECT count(*) FROM issuances WHERE {where}", values, ct);
    }

    /// <summary>Writes a note about a group; an empty one takes it away.</summary>
    public Task NoteAsync(string cause, string fingerprint, string note, string who, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            SqlValues key = SqlValues.None.Add("cause", cause).Add("fingerprint", fingerprint);
            IReadOnlyList<string> was = await transaction.ReadAsync("DELETE FROM failure_notes WHERE cause = @cause AND fingerprint = @fingerprint RETURNING note", key, r => r.Text(0), ct).ConfigureAwait(false);
            if (note.Length > 0)
            {
                await transaction.RunAsync(
                    "INSERT INTO failure_notes (cause, fingerprint, note, who, at) VALUES (@cause, @fingerprint, @note, @who, @now)",
                    SqlValues.None.Add("cause", cause).Add("fingerprint", fingerprint).Add("note", note).Add("who", who).Add("now", Now),
                    ct).ConfigureAwait(false);
            }

            return await RecordAsync(transaction, new Act(who, "note", $"failures {cause} {fingerprint}".TrimEnd(), "", "a note about a group of failures") { Was = was.FirstOrDefault(), Became = note }, ct).ConfigureAwait(false);
        },
        ct);

    /// <summary>Puts records that could not be read away; they come back when a source tells of them again with another cause.</summary>
    /// <returns>How many.</returns>
    public Task<int> ArchiveRecordsAsync(string source, string cause, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            int done = await transaction.RunAsync(
                "UPDATE set_aside SET archived_at = @now WHERE source = @source AND cause = @cause AND archived_at IS NULL", SqlValues.None.Add("now", Now).Add("source", source).Add("cause", cause), ct).ConfigureAwait(false);
            if (done > 0)
            {
                await RecordAsync(transaction, new Act(who, "archive", $"{source} {cause}", why, $"{done} records that could not be read") { Was = "set aside", Became = "archived" }, ct).ConfigureAwait(false);
            }

            return done;
        },
        ct);

    /// <summary>Records an act that needs no other change.</summary>
    public Task RecordAsync(Act act, CancellationToken ct) => sql.WriteAsync(transaction => RecordAsync(transaction, act, ct), ct);

    // Which of the failing issuances an act can be done to: what is on its way at this moment is left to arrive.
    private static (string Where, SqlValues Values) Chosen(FailureFilter filter, string kind)
    {
        var conditions = new List<string> { Failing };
        SqlValues values = SqlValues.None;
        Equal(conditions, values, "cause", filter.Cause);
        Equal(conditions, values, "issuer", filter.Issuer);
        Equal(conditions, values, "fingerprint", filter.Fingerprint);
        if (filter.Id is { } id)
        {
            conditions.Add("issuance_id = @id");
            values.Add("id", id);
        }

        conditions.Add(States(kind));
        return (string.Join(" AND ", conditions), values);
    }

    private static string States(string kind) => kind switch
    {
        "retry" => "state IN ('Refused', 'Planned', 'Held')",
        "park" => "state IN ('Planned', 'Held')",
        "archive" => "state = 'Refused'",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of job."),
    };

    private Task<int> RecordAsync(ISqlTransaction transaction, Act act, CancellationToken ct) => transaction.RunAsync(
        "INSERT INTO acts (at, who, verb, target, why, detail, was, became) VALUES (@now, @who, @verb, @target, @why, @detail, @was, @became)",
        SqlValues.None.Add("now", Now).Add("who", act.Who).Add("verb", act.Verb).Add("target", act.Target).Add("why", act.Why).Add("detail", act.Detail).Add("was", act.Was).Add("became", act.Became),
        ct);

    private static FailureGroup Group(SqlRow r, string kind) => new()
    {
        Cause = r.Text(0),
        Fingerprint = r.Text(1),
        Place = r.Text(2),
        Kind = kind,
        Count = r.Number(3),
        Waiting = r.Number(4),
        InDoubt = r.Number(5),
        LastHour = r.Number(6),
        LastDay = r.Number(7),
        FirstSeen = r.Time(8),
        LastSeen = r.Time(9),
        Sentence = r.Text(10),
    };
}
