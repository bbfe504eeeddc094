using CredSync.Core.People;
using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Postgres;

// Who has which identifier, and that two pages at once do not make two people of one.
internal sealed partial class PostgresIntakeTransaction
{
    public Task<KnownIdentifiers> SubjectsAsync(IReadOnlyCollection<IdentifierKey> identifiers, CancellationToken ct) => PartAsync(
        async () =>
        {
            List<(IdentifierKey Key, Guid Subject, Guid? Root)> rows = await Bulk(
                """
                WITH found AS MATERIALIZED (
                    SELECT DISTINCT i.subject_id FROM unnest(@kinds, @scopes, @values) AS t (kind, scope, value)
                    JOIN person_identifiers AS i ON i.value = t.value AND i.kind = t.kind AND i.scope = t.scope)
                SELECT k.kind, k.scope, k.value, k.subject_id, p.merged_into
                FROM found AS f JOIN person_identifiers AS k ON k.subject_id = f.subject_id LEFT JOIN people AS p ON p.subject_id = f.subject_id AND p.merged_into IS NOT NULL
                """)
                .Text("kinds", identifiers.Select(i => i.Kind)).Text("scopes", identifiers.Select(i => i.Scope)).Text("values", identifiers.Select(i => i.Value))
                .ReadAsync(r => (new IdentifierKey(r.GetString(0), r.GetString(1), r.GetString(2)), r.GetGuid(3), r.IdOrNull(4)), ct).ConfigureAwait(false);
            Dictionary<IdentifierKey, Guid> found = rows.ToDictionary(r => r.Key, r => r.Subject);
            foreach (IdentifierKey key in identifiers)
            {
                lookedUp[key] = found.TryGetValue(Safe(key), out Guid subject) ? subject : null;
            }

            return new KnownIdentifiers(found, rows.Where(r => r.Root is not null).DistinctBy(r => r.Subject).ToDictionary(r => r.Subject, r => r.Root!.Value));
        },
        ct);

    public Task StorePeopleAsync(IReadOnlyList<PersonRow> people, CancellationToken ct) => PartAsync(
        async () =>
        {
            // A person appears once for each of their completions; the last name and address count. Locked in the order of ids, whether anything changes or not.
            List<PersonRow> rows = [.. people.GroupBy(p => p.Subject).Select(Together).OrderBy(p => p.Subject)];
            await Bulk(
                """
                INSERT INTO people (subject_id, name, email, consent, brought_by, first_seen)
                SELECT subject_id, name, email, consent, @source, @now FROM unnest(@subjects, @names, @emails, @consents) AS t (subject_id, name, email, consent)
                ON CONFLICT (subject_id) DO UPDATE SET name = COALESCE(excluded.name, people.name), email = COALESCE(excluded.email, people.email),
                    consent = CASE WHEN excluded.consent IS NULL THEN people.consent ELSE NULLIF(excluded.consent, '[]'::jsonb) END
                WHERE (excluded.name IS NOT NULL AND excluded.name IS DISTINCT FROM people.name) OR (excluded.email IS NOT NULL AND excluded.email IS DISTINCT FROM people.email)
                    OR (excluded.consent IS NOT NULL AND NULLIF(excluded.consent, '[]'::jsonb) IS DISTINCT FROM people.consent)
                """)
                .Ids("subjects", rows.Select(p => p.Subject)).Text("names", rows.Select(p => p.Name)).Text("emails", rows.Select(p => p.Email))
                .Json("consents", rows.Select(p => p.Consents is { } said ? LedgerJson.Write(said) ?? "[]" : null)).Word("source", origin.Source).Time("now", now)
                .RunAsync(ct).ConfigureAwait(false);
            locked.UnionWith(rows.Select(p => p.Subject));
            await StoreIdentifiersAsync(rows, ct).ConfigureAwait(false);
            return true;
        },
        ct);

    private async Task StoreIdentifiersAsync(List<PersonRow> people, CancellationToken ct)
    {
        List<(IdentifierKey Key, Guid Subject)> free =
        [
            .. people.SelectMany(p => p.Identifiers.Where(k => lookedUp.GetValueOrDefault(k) is null).Select(k => (Key: Safe(k), p.Subject)))
                .DistinctBy(i => i.Key)
                .OrderBy(i => i.Key.Value, StringComparer.Ordinal).ThenBy(i => i.Key.Kind, StringComparer.Ordinal).ThenBy(i => i.Key.Scope, StringComparer.Ordinal),
        ];
        if (free.Count == 0)
        {
            return;
        }

        HashSet<IdentifierKey> stored =
        [
            .. await Bulk(
                """
                INSERT INTO person_identifiers (kind, scope, value, subject_id, first_seen)
                SELECT kind, scope, value, subject_id, @now FROM unnest(@kinds, @scopes, @values, @subjects) AS t (kind, scope, value, subject_id)
                ON CONFLICT DO NOTHING RETURNING kind, scope, value
                """)
                .Text("kinds", free.Select(i => i.Key.Kind)).Text("scopes", free.Select(i => i.Key.Scope)).Text("values", free.Select(i => i.Key.Value))
                .Ids("subjects", free.Select(i => i.Subject)).Time("now", now)
                .ReadAsync(r => new IdentifierKey(r.GetString(0), r.GetString(1), r.GetString(2)), ct).ConfigureAwait(false),
        ];

        // Nobody had it when this page asked, and now somebody has: another page named the same person at the same moment. Matched again, both agree.
        if (free.Any(i => !stored.Contains(i.Key) && lookedUp.ContainsKey(i.Key)))
        {
            throw new CollisionException($"Another worker stored an identifier that a page of source '{origin.Source}' brings, at the same moment; the page is taken in again.");
        }
    }

    private static PersonRow Together(IEnumerable<PersonRow> rows) => rows.Aggregate((a, b) => new PersonRow(a.Subject, b.Name ?? a.Name, b.Email ?? a.Email, [.. a.Identifiers.Union(b.Identifiers)]) { Consents = b.Consents ?? a.Consents });

    private static IdentifierKey Safe(IdentifierKey key) => new(PostgresText.Safe(key.Kind)!, PostgresText.Safe(key.Scope)!, PostgresText.Safe(key.Value)!);
}
