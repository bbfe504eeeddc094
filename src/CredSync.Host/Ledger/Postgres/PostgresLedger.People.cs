using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

// People: held, merged, brought up to date; and what settles itself.
internal sealed partial class PostgresLedger
{
    public async Task<IMatchingTransaction> BeginMatchingAsync(string source, CancellationToken ct)
    {
        NpgsqlConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        try
        {
            NpgsqlTransaction transaction = await database.PartAsync(async () => await connection.BeginTransactionAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            return new PostgresIntakeTransaction(database, connection, transaction, new HeldOrigin(source), time);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<IReadOnlyList<string>> SourcesWithHeldPeopleAsync(CancellationToken ct) =>
        RowsAsync("SELECT DISTINCT source COLLATE \"C\" FROM completions WHERE hold_cause IS NOT NULL ORDER BY 1", c => c, r => r.GetString(0), ct);

    public async Task<string?> AppliedDirectoryAsync(CancellationToken ct) =>
        (await RowsAsync("SELECT mark FROM directory_applied", c => c, r => r.GetString(0), ct).ConfigureAwait(false)).FirstOrDefault();

    public Task SetAppliedDirectoryAsync(string mark, CancellationToken ct) => WriteAsync(
        "INSERT INTO directory_applied (only_one, mark, at) VALUES (true, @mark, @now) ON CONFLICT (only_one) DO UPDATE SET mark = excluded.mark, at = excluded.at", c => c.Word("mark", mark).Time("now", Now), ct);

    public Task<PersonLine?> PersonAsync(Guid subject, CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                PersonTies ties = await PostgresTies.OfAsync(connection, null, [subject], ct).ConfigureAwait(false);
                ILookup<Guid, IdentifierOrigin> identifiers = (await new BulkCommand(
                    connection, null, "SELECT subject_id, kind, scope, first_seen FROM person_identifiers WHERE subject_id = ANY(@ids) ORDER BY first_seen, kind COLLATE \"C\", scope COLLATE \"C\"")
                    .Ids("ids", ties.Members).ReadAsync(r => (Subject: r.GetGuid(0), Origin: new IdentifierOrigin(r.GetString(1), r.GetString(2), r.Time(3))), ct).ConfigureAwait(false)).ToLookup(r => r.Subject, r => r.Origin);
                List<PersonMember> members = await new BulkCommand(
                    connection,
                    null,
                    """
                    SELECT p.subject_id, p.first_seen, p.brought_by, p.consent::text, (SELECT count(*) FROM completions AS c WHERE c.subject_id = p.subject_id), (SELECT count(*) FROM issuances AS i WHERE i.subject_id = p.subject_id)
                    FROM people AS p WHERE p.subject_id = ANY(@ids) ORDER BY p.merged_into IS NOT NULL, p.first_seen, p.subject_id
                    """)
                    .Ids("ids", ties.Members)
                    .ReadAsync(r => new PersonMember(r.GetGuid(0), r.Time(1), r.Text(2), [.. identifiers[r.GetGuid(0)]], r.GetInt64(4), r.GetInt64(5), r.Text(3) is { } said ? LedgerJson.ReadConsents(said) : []), ct).ConfigureAwait(false);
                return members.Count == 0 ? null : new PersonLine(ties.RootOf(subject), members);
            },
            ct);

    public Task<IReadOnlyList<MergeLine>> MergesAsync(Guid? person, CancellationToken ct) => RowsAsync(
        "SELECT merge_id, merged, survivor, merged_at FROM merges WHERE undone_at IS NULL AND (@id IS NULL OR merged = @id OR survivor = @id) ORDER BY merge_id DESC",
        c => c.Id("id", person),
        r => new MergeLine(r.GetInt64(0), r.GetGuid(1), r.GetGuid(2), r.Time(3)),
        ct);

    public Task<IReadOnlyList<LookAlikes>> LookAlikesAsync(int limit, CancellationToken ct) => RowsAsync(
        """
        SELECT * FROM (
            SELECT 'email', array_agg(subject_id ORDER BY subject_id) FROM people WHERE merged_into IS NULL AND email IS NOT NULL GROUP BY lower(trim(email)) HAVING count(*) > 1
            UNION ALL SELECT 'name', array_agg(subject_id ORDER BY subject_id) FROM people WHERE merged_into IS NULL AND name IS NOT NULL GROUP BY lower(trim(name)) HAVING count(*) > 1) AS alike
        LIMIT @limit
        """,
        c => c.Number("limit", limit),
        r => new LookAlikes(r.GetString(0), r.GetFieldValue<Guid[]>(1)),
        ct);

    public Task<IReadOnlyList<DueLine>> DueAsync(int limit, CancellationToken ct) => RowsAsync(
        """
        SELECT issuance_id, subject_id, definition, cause, false FROM issuances WHERE state = 'Held' AND settle_by IS NOT NULL AND settle_by <= @now
        UNION ALL SELECT r.issuance_id, i.subject_id, i.definition, r.cause, true FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND r.due_at <= @now AND r.cause = @revoke
        LIMIT @limit
        """,
        c => c.Time("now", Now).Word("revoke", HoldCauses.RevocationRequired).Number("limit", limit),
        r => new DueLine(r.GetGuid(0), r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetBoolean(4)),
        ct);

    public Task<IReadOnlyList<SeenCourse>> CoursesSeenAsync(CancellationToken ct) =>
        RowsAsync("SELECT DISTINCT source COLLATE \"C\", course_key COLLATE \"C\" FROM completions ORDER BY 1, 2", c => c, r => new SeenCourse(r.GetString(0), r.GetString(1)), ct);

    public async Task<int> ForgetAsync(DateTimeOffset runsBefore, DateTimeOffset setAsideBefore, CancellationToken ct) =>
        (await database.ReadAsync(
            async connection => await new BulkCommand(
                connection,
                null,
                """
                WITH old_runs AS (DELETE FROM runs WHERE finished_at < @runs RETURNING 1),
                old_records AS (DELETE FROM set_aside WHERE last_seen < @records RETURNING 1)
                SELECT ((SELECT count(*) FROM old_runs) + (SELECT count(*) FROM old_records))::integer
                """).Time("runs", runsBefore).Time("records", setAsideBefore).ReadAsync(r => r.GetInt32(0), ct).ConfigureAwait(false),
            ct).ConfigureAwait(false))[0];
}
