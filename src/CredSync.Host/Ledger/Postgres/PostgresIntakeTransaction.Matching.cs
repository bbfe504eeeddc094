using CredSync.Core.Issuance;
using CredSync.Core.People;

namespace CredSync.Host.Ledger.Postgres;

// How many are new, reviews that are taken back, and held completions that are matched again.
internal sealed partial class PostgresIntakeTransaction : IMatchingTransaction
{
    public Task<NewPeople> NewPeopleAsync(DateTimeOffset since, CancellationToken ct) => PartAsync(
        async () => (await Bulk(
            """
            SELECT s.last_success IS NOT NULL, EXISTS (SELECT 1 FROM completions WHERE hold_cause = @cause AND source = @source),
                CASE WHEN s.last_success IS NOT NULL THEN (SELECT count(*) FROM people WHERE brought_by = @source AND first_seen > GREATEST(@since, s.admitted_at)) ELSE 0 END,
                CASE WHEN s.last_success IS NOT NULL THEN (SELECT count(*) FROM people WHERE brought_by = @source) ELSE 0 END
            FROM sources AS s WHERE s.name = @source
            """)
            .Word("source", origin.Source).Word("cause", PersonCauses.TooManyNew).Time("since", since)
            .ReadAsync(r => new NewPeople(r.GetBoolean(0), r.GetBoolean(0) && r.GetBoolean(1), r.GetInt64(2), r.GetInt64(3) - r.GetInt64(2)), ct).ConfigureAwait(false)) is [var only] ? only : new NewPeople(false, false, 0, 0),
        ct);

    public Task<IReadOnlyList<IssuanceKey>> OpenReviewsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => PartAsync<IReadOnlyList<IssuanceKey>>(
        async () =>
        {
            PersonTies ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
            return await Bulk("SELECT i.definition, i.subject_id, i.occurrence FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND i.subject_id = ANY(@ids)")
                .Ids("ids", ties.Members).ReadAsync(r => new IssuanceKey(r.GetString(0), r.GetGuid(1), r.GetString(2)), ct).ConfigureAwait(false);
        },
        ct);

    public Task TakeReviewsBackAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) => PartAsync(
        () => Bulk("DELETE FROM reviews WHERE settled_at IS NULL AND issuance_id = ANY(@ids)").Ids("ids", issuances).RunAsync(ct), ct);

    public Task<IReadOnlyList<HeldCompletion>> HeldAsync(string after, int limit, CancellationToken ct) => PartAsync<IReadOnlyList<HeldCompletion>>(
        async () => await Bulk(
            """
            SELECT payload::text, revision, hold_cause FROM completions
            WHERE source = @source AND natural_key COLLATE "C" > @after AND hold_cause IS NOT NULL AND subject_id IS NULL ORDER BY natural_key COLLATE "C" LIMIT @limit
            """)
            .Word("source", origin.Source).Word("after", after).Number("limit", limit)
            .ReadAsync(r => new HeldCompletion(LedgerJson.ReadCompletion(r.GetString(0)), r.GetInt32(1), r.GetString(2)), ct).ConfigureAwait(false),
        ct);

    public Task RematchAsync(IReadOnlyList<Rematch> matches, CancellationToken ct) => PartAsync(
        () => Bulk(
            """
            UPDATE completions AS c SET subject_id = t.subject_id, hold_cause = t.cause, hold_sentence = t.sentence
            FROM unnest(@keys, @revisions, @subjects, @causes, @sentences) AS t (natural_key, revision, subject_id, cause, sentence)
            WHERE c.source = @source AND c.natural_key = t.natural_key AND c.revision = t.revision AND c.hold_cause IS NOT NULL
            """)
            .Word("source", origin.Source).Text("keys", matches.Select(m => m.NaturalKey)).Numbers("revisions", matches.Select(m => m.Revision)).Ids("subjects", matches.Select(m => m.Subject))
            .Text("causes", matches.Select(m => m.Cause)).Text("sentences", matches.Select(m => m.Sentence))
            .RunAsync(ct),
        ct);

    public Task<IReadOnlyList<Guid>> ForgetConsentsAsync(IReadOnlyCollection<Guid> except, CancellationToken ct) => PartAsync<IReadOnlyList<Guid>>(
        async () => await Bulk("UPDATE people SET consent = NULL WHERE consent IS NOT NULL AND NOT (subject_id = ANY(@ids)) RETURNING subject_id")
            .Ids("ids", except).ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false),
        ct);

    public Task AdmitNewPeopleAsync(CancellationToken ct) => PartAsync(
        () => Bulk("UPDATE sources SET admitted_at = @now WHERE name = @source").Word("source", origin.Source).Time("now", now).RunAsync(ct), ct);

    public Task RecordAsync(Act act, CancellationToken ct) => PartAsync(() => PostgresActTransaction.Record(Bulk, act, now).RunAsync(ct), ct);

    public async Task CommitAsync(CancellationToken ct) => await PartAsync(
        async () =>
        {
            if (planned)
            {
                await Bulk("SELECT pg_notify(@channel, '')").Word("channel", PostgresLedger.PlannedChannel).RunAsync(ct).ConfigureAwait(false);
            }

            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return true;
        },
        ct).ConfigureAwait(false);
}
