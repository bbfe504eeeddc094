using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

// Who has which identifier, how many are new, and held completions that are matched again.
internal sealed partial class SqliteIntakeTransaction : IMatchingTransaction
{
    public async Task<KnownIdentifiers> SubjectsAsync(IReadOnlyCollection<IdentifierKey> identifiers, CancellationToken ct)
    {
        List<(string Kind, string Scope, string Value, string Subject, string? Merged)> rows = [.. await QueryAsync<(string, string, string, string, string?)>(
            """
            SELECT k.kind, k.scope, k.value, k.subject_id, p.merged_into FROM person_identifiers AS k JOIN people AS p ON p.subject_id = k.subject_id
            WHERE k.subject_id IN (
                SELECT i.subject_id
                FROM json_each(@json) AS j
                JOIN person_identifiers AS i ON i.kind = j.value ->> 'kind' AND i.scope = j.value ->> 'scope' AND i.value = j.value ->> 'value')
            """,
            new { json = LedgerJson.Write(identifiers.Select(i => new IdentifierRow(i.Kind, i.Scope, i.Value)).ToList()) },
            ct).ConfigureAwait(false)];
        var merged = new Dictionary<Guid, Guid>();
        foreach ((_, _, _, string subject, string? root) in rows)
        {
            if (root is not null)
            {
                merged[Id(subject)] = Id(root);
            }
        }

        return new KnownIdentifiers(rows.ToDictionary(r => new IdentifierKey(r.Kind, r.Scope, r.Value), r => Id(r.Subject)), merged);
    }

    public async Task StorePeopleAsync(IReadOnlyList<PersonRow> people, CancellationToken ct)
    {
        using SqliteCommand person = Prepare(
            """
            INSERT INTO people (subject_id, name, email, consent, brought_by, first_seen) VALUES (@subject, @name, @email, NULLIF(@consent, ''), @source, @now)
            ON CONFLICT (subject_id) DO UPDATE SET name = COALESCE(excluded.name, name), email = COALESCE(excluded.email, email), consent = CASE WHEN @consent IS NULL THEN consent ELSE excluded.consent END
            WHERE (excluded.name IS NOT NULL AND excluded.name IS NOT name) OR (excluded.email IS NOT NULL AND excluded.email IS NOT email) OR (@consent IS NOT NULL AND excluded.consent IS NOT consent)
            """,
            "subject", "name", "email", "consent", "source", "now");
        using SqliteCommand identifier = Prepare(
            "INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen) VALUES (@kind, @scope, @value, @subject, @now) ON CONFLICT DO NOTHING",
            "kind", "scope", "value", "subject", "now");
        foreach (PersonRow row in people)
        {
            string subject = SqliteText.Of(row.Subject);
            string? consent = row.Consents is { } said ? LedgerJson.Write(said) ?? "" : null;
            await RunAsync(person, ct, subject, row.Name, row.Email, consent, origin.Source, now).ConfigureAwait(false);
            foreach (IdentifierKey key in row.Identifiers)
            {
                await RunAsync(identifier, ct, key.Kind, key.Scope, key.Value, subject, now).ConfigureAwait(false);
            }
        }
    }

    public async Task<NewPeople> NewPeopleAsync(DateTimeOffset since, CancellationToken ct)
    {
        (string? lastSuccess, string? admitted) = await session.Connection.QueryFirstOrDefaultAsync<(string?, string?)>(new CommandDefinition(
            "SELECT last_success, admitted_at FROM sources WHERE name = @Source", new { origin.Source }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false);
        if (lastSuccess is null)
        {
            return new NewPeople(false, false, 0, 0);
        }

        string from = string.CompareOrdinal(admitted, SqliteText.Of(since)) > 0 ? admitted! : SqliteText.Of(since);
        (long stopped, long brought, long all) = await session.Connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(
            """
            SELECT EXISTS (SELECT 1 FROM completions WHERE hold_cause = @cause AND source = @Source),
                (SELECT count(*) FROM people WHERE brought_by = @Source AND first_seen > @from), (SELECT count(*) FROM people WHERE brought_by = @Source)
            """,
            new { origin.Source, from, cause = PersonCauses.TooManyNew },
            session.Transaction,
            cancellationToken: ct)).ConfigureAwait(false);
        return new NewPeople(true, stopped == 1, brought, all - brought);
    }

    public async Task<IReadOnlyList<IssuanceKey>> OpenReviewsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        PersonTies ties = await SqliteTies.OfAsync(session.Connection, session.Transaction, subjects, ct).ConfigureAwait(false);
        return [.. (await QueryAsync<(string Definition, string Subject, string Occurrence)>(
            "SELECT i.definition, i.subject_id, i.occurrence FROM reviews AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.settled_at IS NULL AND i.subject_id IN (SELECT value FROM json_each(@ids))",
            new { ids = LedgerJson.Write([.. ties.Members.Select(SqliteText.Of)]) },
            ct).ConfigureAwait(false)).Select(r => new IssuanceKey(r.Definition, Id(r.Subject), r.Occurrence))];
    }

    public Task TakeReviewsBackAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct) =>
        ExecuteAsync("DELETE FROM reviews WHERE settled_at IS NULL AND issuance_id IN (SELECT value FROM json_each(@ids))", new { ids = LedgerJson.Write([.. issuances.Select(SqliteText.Of)]) }, ct);

    public async Task<IReadOnlyList<HeldCompletion>> HeldAsync(string after, int limit, CancellationToken ct) =>
        [.. (await QueryAsync<(string Payload, long Revision, string Cause)>(
            "SELECT payload, revision, hold_cause FROM completions WHERE source = @Source AND natural_key > @after AND hold_cause IS NOT NULL AND subject_id IS NULL ORDER BY natural_key LIMIT @limit",
            new { origin.Source, after, limit },
            ct).ConfigureAwait(false)).Select(r => new HeldCompletion(LedgerJson.ReadCompletion(r.Payload), (int)r.Revision, r.Cause))];

    public async Task RematchAsync(IReadOnlyList<Rematch> matches, CancellationToken ct)
    {
        using SqliteCommand match = Prepare(
            "UPDATE completions SET subject_id = @subject, hold_cause = @cause, hold_sentence = @sentence WHERE source = @source AND natural_key = @key AND revision = @revision AND hold_cause IS NOT NULL",
            "subject", "cause", "sentence", "source", "key", "revision");
        foreach (Rematch row in matches)
        {
            await RunAsync(match, ct, row.Subject is { } s ? SqliteText.Of(s) : null, row.Cause, row.Sentence, origin.Source, row.NaturalKey, row.Revision).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<Guid>> ForgetConsentsAsync(IReadOnlyCollection<Guid> except, CancellationToken ct) =>
        [.. (await QueryAsync<string>(
            "UPDATE people SET consent = NULL WHERE consent IS NOT NULL AND subject_id NOT IN (SELECT value FROM json_each(@ids)) RETURNING subject_id",
            new { ids = LedgerJson.Write([.. except.Select(SqliteText.Of)]) },
            ct).ConfigureAwait(false)).Select(Id)];

    public Task AdmitNewPeopleAsync(CancellationToken ct) => ExecuteAsync("UPDATE sources SET admitted_at = @now WHERE name = @Source", new { origin.Source, now }, ct);

    public Task RecordAsync(Act act, CancellationToken ct) => ExecuteAsync(SqliteActTransaction.Record, SqliteActTransaction.RecordOf(act, now), ct);

    public Task CommitAsync(CancellationToken ct) => session.CommitAsync(ct);

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct) =>
        session.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, session.Transaction, cancellationToken: ct));
}
