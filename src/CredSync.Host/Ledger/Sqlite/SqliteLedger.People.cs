using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// People: held, merged, brought up to date; and what settles itself.
internal sealed partial class SqliteLedger
{
    public async Task<IMatchingTransaction> BeginMatchingAsync(string source, CancellationToken ct) =>
        new SqliteIntakeTransaction(await database.BeginWriteAsync(ct).ConfigureAwait(false), new HeldOrigin(source), time);

    public Task<IReadOnlyList<string>> SourcesWithHeldPeopleAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(
            async connection => [.. await connection.QueryAsync<string>(Command("SELECT DISTINCT source FROM completions WHERE hold_cause IS NOT NULL ORDER BY source", null, null, ct)).ConfigureAwait(false)], ct);

    public Task<string?> AppliedDirectoryAsync(CancellationToken ct) =>
        ReadAsync(connection => connection.QueryFirstOrDefaultAsync<string?>(Command("SELECT mark FROM directory_applied", null, null, ct)), ct);

    public Task SetAppliedDirectoryAsync(string mark, CancellationToken ct) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(
                "INSERT INTO directory_applied (only_one, mark, at) VALUES (1, @mark, @now) ON CONFLICT DO UPDATE SET mark = excluded.mark, at = excluded.at", new { mark, now = Now }, transaction, ct)),
            ct);

    public Task<PersonLine?> PersonAsync(Guid subject, CancellationToken ct) =>
        ReadAsync(
            async connection =>
            {
                PersonTies ties = await SqliteTies.OfAsync(connection, null, [subject], ct).ConfigureAwait(false);
                var parameters = new { ids = LedgerJson.Write([.. ties.Members.Select(SqliteText.Of)]) };
                ILookup<string, IdentifierOrigin> identifiers = (await connection.QueryAsync<(string Subject, string Kind, string Scope, string FirstSeen)>(Command(
                    "SELECT subject_id, kind, scope, first_seen FROM person_identifiers WHERE subject_id IN (SELECT value FROM json_each(@ids)) ORDER BY first_seen, kind, scope", parameters, null, ct)).ConfigureAwait(false))
                    .ToLookup(r => r.Subject, r => new IdentifierOrigin(r.Kind, r.Scope, SqliteText.Time(r.FirstSeen)));
                List<PersonMember> members = [.. (await connection.QueryAsync<(string Subject, string FirstSeen, string? BroughtBy, string? Consent, long Completions, long Issuances)>(Command(
                    """
                    SELECT p.subject_id, p.first_seen, p.brought_by, p.consent, (SELECT count(*) FROM completions AS c WHERE c.subject_id = p.subject_id), (SELECT count(*) FROM issuances AS i WHERE i.subject_id = p.subject_id)
                    FROM people AS p WHERE p.subject_id IN (SELECT value FROM json_each(@ids)) ORDER BY p.merged_into IS NOT NULL, p.first_seen, p.subject_id
                    """,
                    parameters, null, ct)).ConfigureAwait(false))
                    .Select(r => new PersonMember(Id(r.Subject), SqliteText.Time(r.FirstSeen), r.BroughtBy, [.. identifiers[r.Subject]], r.Completions, r.Issuances, r.Consent is null ? [] : LedgerJson.ReadConsents(r.Consent)))];
                return members.Count == 0 ? null : new PersonLine(ties.RootOf(subject), members);
            },
            ct);

    public Task<IReadOnlyList<MergeLine>> MergesAsync(Guid? person, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<MergeLine>>(
            async connection => [.. (await connection.QueryAsync<(long Id, string Merged, string Survivor, string At)>(Command(
                "SELECT merge_id, merged, survivor, merged_at FROM merges WHERE undone_at IS NULL AND (@id IS NULL OR merged = @id OR survivor = @id) ORDER BY merge_id DESC", new { id = person is { } p ? SqliteText.Of(p) : null }, null, ct)).ConfigureAwait(false))
                .Select(r => new MergeLine(r.Id, Id(r.Merged), Id(r.Survivor), SqliteText.Time(r.At)))],
            ct);

    public Task<IReadOnlyList<LookAlikes>> LookAlikesAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<LookAlikes>>(
            async connection => [.. (await connection.QueryAsync<(string Shared, string People)>(Command(
                """
                SELECT 'email', json_group_array(subject_id) FROM people WHERE merged_into IS NULL AND email IS NOT NULL GROUP BY lower(trim(email)) HAVING count(*) > 1
                UNION ALL SELECT 'name', json_group_array(subject_id) FROM people WHERE merged_into IS NULL AND name IS NOT NULL GROUP BY lower(trim(name)) HAVING count(*) > 1
                LIMIT @limit
                """,
                new { limit }, null, ct)).ConfigureAwait(false))
                .Select(r => new LookAlikes(r.Shared, [.. LedgerJson.ReadTexts(r.People).Select(Id).Order()]))],
            ct);

    public Task<IReadOnlyList<DueLine>> DueAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<DueLine>>(
            async connection => [.. (await connection.QueryAsync<(string Id, string Subject, string Definition, string Cause, long Review)>(Command(
                """
                SELECT issuance_id, subject_id, definition, cause, 0 FROM issuances WHERE state = 'Held' AND settle_by IS NOT NULL AND settle_by <= @now
                UNION ALL SELECT r.issuance_id, i.subject_id, i.definition, r.cause, 1 FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND r.due_at <= @now AND r.cause = @revoke
                LIMIT @limit
                """,
                new { now = Now, limit, revoke = Core.Rules.HoldCauses.RevocationRequired }, null, ct)).ConfigureAwait(false))
                .Select(r => new DueLine(Id(r.Id), Id(r.Subject), r.Definition, r.Cause, r.Review == 1))],
            ct);

    public Task<IReadOnlyList<SeenCourse>> CoursesSeenAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SeenCourse>>(
            async connection => [.. (await connection.QueryAsync<(string Source, string Course)>(Command("SELECT DISTINCT source, course_key FROM completions ORDER BY source, course_key", null, null, ct)).ConfigureAwait(false))
                .Select(r => new SeenCourse(r.Source, r.Course))],
            ct);

    public Task<int> ForgetAsync(DateTimeOffset runsBefore, DateTimeOffset setAsideBefore, CancellationToken ct) =>
        WriteAsync(
            async (connection, transaction) =>
                await connection.ExecuteAsync(Command("DELETE FROM runs WHERE finished_at < @before", new { before = SqliteText.Of(runsBefore) }, transaction, ct)).ConfigureAwait(false)
                + await connection.ExecuteAsync(Command("DELETE FROM set_aside WHERE last_seen < @before", new { before = SqliteText.Of(setAsideBefore) }, transaction, ct)).ConfigureAwait(false),
            ct);
}
