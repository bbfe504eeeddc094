using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Postgres;

// What screens and commands read.
internal sealed partial class PostgresLedger
{
    public Task<IReadOnlyList<SourceState>> SourcesAsync(CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<SourceState>>(
            async connection => [.. (await connection.QueryAsync<SourceRow>(Command($"SELECT {SourceColumns} FROM sources ORDER BY name COLLATE \"C\"", null, null, ct)).ConfigureAwait(false)).Select(r => r.ToState())],
            ct);

    public Task<IReadOnlyList<IssuanceCount>> CountIssuancesAsync(CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<IssuanceCount>>(
            async connection =>
            {
                IEnumerable<(string Definition, string Issuer, string State, long Count, DateTime? Oldest)> counts = await connection.QueryAsync<(string, string, string, long, DateTime?)>(Command(
                    "SELECT definition, issuer, state, count(*), min(planned_at) FROM issuances GROUP BY definition, issuer, state ORDER BY definition COLLATE \"C\", issuer COLLATE \"C\", state COLLATE \"C\"", null, null, ct)).ConfigureAwait(false);
                IEnumerable<(string Definition, string Issuer, long Count)> revoked = await connection.QueryAsync<(string, string, long)>(Command(
                    "SELECT definition, issuer, count(*) FROM issuances WHERE revoked_at IS NOT NULL GROUP BY definition, issuer", null, null, ct)).ConfigureAwait(false);
                return IssuanceCount.Of(
                    counts.Select(r => new IssuanceCount(r.Definition, r.Issuer, Enum.Parse<IssuanceState>(r.State), (int)r.Count, Time(r.Oldest))), revoked.Select(r => (r.Definition, r.Issuer, (int)r.Count)));
            },
            ct);

    public Task<bool> IsUnderWayAsync(CancellationToken ct) =>
        database.ReadAsync(
            connection => connection.QuerySingleAsync<bool>(Command(
                """
                SELECT EXISTS (SELECT 1 FROM outbox WHERE sent_at IS NOT NULL) OR EXISTS (SELECT 1 FROM outbox WHERE due_at <= @now)
                    OR EXISTS (SELECT 1 FROM revocations WHERE state = 'Sent')
                    OR EXISTS (SELECT 1 FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.state = 'Planned' AND i.state = 'Issued' AND (r.not_before IS NULL OR r.not_before <= @now))
                """,
                new { now = Now },
                null,
                ct)),
            ct);

    public Task<IReadOnlyList<PersonHistory>> HistoriesAfterAsync(Guid? after, int limit, CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                string where = after is null ? "" : "AND subject_id > @after";
                IEnumerable<Guid> subjects = await connection.QueryAsync<Guid>(Command($"SELECT subject_id FROM people WHERE merged_into IS NULL {where} ORDER BY subject_id LIMIT @limit", new { after, limit }, null, ct)).ConfigureAwait(false);
                return await PostgresHistories.OfAsync(connection, null, [.. subjects], ct).ConfigureAwait(false);
            },
            ct);

    public Task<LedgerTotals> TotalsAsync(CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                (long completions, long withheld, long people, long issuances, long setAside) = await connection.QuerySingleAsync<(long, long, long, long, long)>(Command(
                    "SELECT (SELECT count(*) FROM completions), (SELECT count(*) FROM completions WHERE hold_cause IS NOT NULL), (SELECT count(*) FROM people WHERE merged_into IS NULL), (SELECT count(*) FROM issuances), (SELECT count(*) FROM set_aside)", null, null, ct)).ConfigureAwait(false);
                return new LedgerTotals(completions, withheld, people, issuances, setAside);
            },
            ct);

    public Task<Guid?> FindSubjectAsync(string identifier, CancellationToken ct) =>
        database.ReadAsync<Guid?>(
            async connection =>
            {
                string exact = PostgresText.Safe(identifier.Trim())!;
                Guid[] found = [.. await connection.QueryAsync<Guid>(Command(
                    """
                    SELECT COALESCE(merged_into, subject_id) FROM people WHERE subject_id IN (SELECT subject_id FROM person_identifiers WHERE value = ANY(@values))
                    UNION SELECT COALESCE(merged_into, subject_id) FROM people WHERE subject_id = @id
                    """,
                    new { values = new[] { exact, exact.ToLowerInvariant() }, id = Guid.TryParse(exact, out Guid id) ? id : (Guid?)null },
                    null,
                    ct)).ConfigureAwait(false)];
                return found.Length == 1 ? found[0] : null;
            },
            ct);

    public Task<IReadOnlyList<SetAsideLine>> SetAsideAsync(int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<SetAsideLine>>(
            async connection => [.. (await connection.QueryAsync<(string Source, string Reference, string Cause, string Sentence, DateTime First, DateTime Last, int Times)>(Command(
                "SELECT source, reference, cause, sentence, first_seen, last_seen, times FROM set_aside ORDER BY last_seen DESC, source, reference LIMIT @limit", new { limit }, null, ct)).ConfigureAwait(false))
                .Select(r => new SetAsideLine(r.Source, r.Reference, r.Cause, r.Sentence, new DateTimeOffset(r.First), new DateTimeOffset(r.Last), r.Times))],
            ct);
}
