using CredSync.Host.Storage;
using CredSync.Issuers;
using Npgsql;

namespace CredSync.Host.Issue;

// Lines that are written once, when they are finished: those of issuers that leave no trace of an attempt whose end nobody saw.
internal sealed partial class PostgresIssueJournal
{
    // Nothing is written; what is there already is read, and what is unfinished there is left to those who open lines.
    private async Task<(Dictionary<Guid, JournalOpening> Openings, List<JournalRequest> Unfinished)> LookAsync(List<JournalRequest> requests, DateTimeOffset issuedAt, CancellationToken ct)
    {
        Dictionary<Guid, JournalOpening> openings = [];
        if (requests.Count == 0)
        {
            return (openings, []);
        }

        (List<Line> lines, Dictionary<Guid, IssuedCredential> credentials) = await database.ReadAsync(
            async connection =>
            {
                List<Line> found = await ReadLinesAsync(connection, null, "true", [.. requests.Select(r => r.Issuance)], ct).ConfigureAwait(false);
                return (found, await CredentialsAsync(connection, null, [.. found.Where(l => l.State == "Finished")], ct).ConfigureAwait(false));
            },
            ct).ConfigureAwait(false);
        foreach (Line line in lines.Where(l => l.State == "Finished"))
        {
            openings[line.Issuance] = new JournalOpening(line.Issuance, JournalState.Finished, line.IssuedAt, credentials[line.Issuance]);
        }

        HashSet<Guid> known = [.. lines.Select(l => l.Issuance)];
        foreach (IGrouping<string, JournalRequest> group in requests.Where(r => !known.Contains(r.Issuance)).GroupBy(r => r.Issuer, StringComparer.Ordinal))
        {
            Queue<long> given = new(await numbers.TakeAsync(group.Key, group.Count(r => r.WantsNumber), ct).ConfigureAwait(false));
            foreach (JournalRequest request in group)
            {
                openings[request.Issuance] = new JournalOpening(request.Issuance, JournalState.Begun, issuedAt, null) { HasLine = false, StatusNumber = request.WantsNumber ? given.Dequeue() : null };
            }
        }

        return (openings, [.. requests.Where(r => known.Contains(r.Issuance) && !openings.ContainsKey(r.Issuance))]);
    }

    // Who comes second finds the line of the first, and nothing of its own is kept.
    private static async Task<Dictionary<Guid, IssuedCredential?>> WriteOnceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalFinish> lines, DateTimeOffset now, CancellationToken ct)
    {
        HashSet<Guid> written =
        [
            .. await new BulkCommand(
                connection,
                transaction,
                """
                INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, status_number, credential_id, public_url, changed_at)
                SELECT id, issuer, 'Finished', issued_at, number, credential_id, public_url, @now
                FROM unnest(@ids, @issuers, @issued, @numbers, @credentials, @urls) AS t (id, issuer, issued_at, number, credential_id, public_url)
                ON CONFLICT (issuance_id) DO NOTHING RETURNING issuance_id
                """)
                .Ids("ids", lines.Select(f => f.Issuance)).Text("issuers", lines.Select(f => f.NewLineOf)).Times("issued", lines.Select(f => (DateTimeOffset?)f.Credential.IssuedAt))
                .Longs("numbers", lines.Select(f => f.StatusNumber)).Text("credentials", lines.Select(f => f.Credential.CredentialId)).Text("urls", lines.Select(f => f.Credential.PublicUrl)).Time("now", now)
                .ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false),
        ];
        List<Guid> elsewhere = [.. lines.Select(f => f.Issuance).Where(id => !written.Contains(id))];
        if (elsewhere.Count == 0)
        {
            return [];
        }

        List<Line> theirs = await ReadLinesAsync(connection, transaction, "state = 'Finished'", elsewhere, ct).ConfigureAwait(false);
        Dictionary<Guid, IssuedCredential> credentials = await CredentialsAsync(connection, transaction, theirs, ct).ConfigureAwait(false);
        return elsewhere.ToDictionary(id => id, id => credentials.GetValueOrDefault(id));
    }
}
