using CredSync.Host.Storage;
using CredSync.Issuers;
using Npgsql;

namespace CredSync.Host.Issue;

/// <summary>The issue journal in a PostgreSQL schema of its own, shared by all issue workers. Lines are always locked in the order of their ids.</summary>
internal sealed partial class PostgresIssueJournal(PostgresDatabase database, LeaseOwner owner, TimeProvider time) : IIssueJournal
{
    private readonly NumberBlocks numbers = new((issuer, count, ct) => database.WriteAsync((connection, transaction) => ReserveAsync(connection, transaction, issuer, count, ct), ct));

    /// <summary>The schema of the journal's tables.</summary>
    public const string Schema = "credsync_issue";

    public Task MigrateAsync(CancellationToken ct) => PostgresMigrations.ApplyAsync(database, "Issue.Migrations.Postgres", "The issue journal", ct);

    public async Task<IReadOnlyList<JournalOpening>> BeginAsync(IReadOnlyList<JournalRequest> requests, TimeSpan lease, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();

        // Whole seconds: a JWT's nbf has no fractions, and both forms of a credential must say the same.
        DateTimeOffset issuedAt = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        List<JournalRequest> wanted = [.. requests.DistinctBy(r => r.Issuance).OrderBy(r => r.Issuance)];
        (Dictionary<Guid, JournalOpening> openings, List<JournalRequest> unfinished) = await LookAsync([.. wanted.Where(r => !r.NeedsLine)], issuedAt, ct).ConfigureAwait(false);
        List<JournalRequest> lines = [.. wanted.Where(r => r.NeedsLine).Concat(unfinished).OrderBy(r => r.Issuance)];
        if (lines.Count > 0)
        {
            foreach (JournalOpening opening in await OpenLinesAsync(lines, issuedAt, now, lease, ct).ConfigureAwait(false))
            {
                openings[opening.Issuance] = opening;
            }
        }

        return [.. requests.Select(r => openings[r.Issuance])];
    }

    public Task<IReadOnlyDictionary<Guid, IssuedCredential?>> FinishAsync(IReadOnlyList<JournalFinish> finished, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyDictionary<Guid, IssuedCredential?>>(
            async (connection, transaction) =>
            {
                List<JournalFinish> all = [.. finished.DistinctBy(f => f.Issuance).OrderBy(f => f.Issuance)];
                List<JournalFinish> added = [.. all.Where(f => f.NewLineOf is not null)], opened = [.. all.Where(f => f.NewLineOf is null)];
                Dictionary<Guid, IssuedCredential?> theirs = added.Count == 0 ? [] : await WriteOnceAsync(connection, transaction, added, time.GetUtcNow(), ct).ConfigureAwait(false);
                if (opened.Count > 0)
                {
                    await CloseAsync(connection, transaction, opened, ct).ConfigureAwait(false);
                }

                await KeepAsync(connection, transaction, [.. all.Where(f => !theirs.ContainsKey(f.Issuance))], ct).ConfigureAwait(false);
                return theirs;
            },
            ct);

    private Task<int> CloseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalFinish> lines, CancellationToken ct) =>
        new BulkCommand(
            connection,
            transaction,
            """
            WITH told AS (SELECT * FROM unnest(@ids, @issued, @credentials, @urls) AS t (id, issued_at, credential_id, public_url)),
            mine AS (SELECT issuance_id FROM issue_journal WHERE issuance_id = ANY(@ids) ORDER BY issuance_id FOR NO KEY UPDATE)
            UPDATE issue_journal AS j SET state = 'Finished', issued_at = t.issued_at, lease_owner = NULL, lease_until = NULL,
                credential_id = t.credential_id, public_url = t.public_url, cause = NULL, reason = NULL, changed_at = @now
            FROM told AS t JOIN mine ON mine.issuance_id = t.id
            WHERE j.issuance_id = t.id
            """)
            .Ids("ids", lines.Select(f => f.Issuance)).Times("issued", lines.Select(f => (DateTimeOffset?)f.Credential.IssuedAt))
            .Text("credentials", lines.Select(f => f.Credential.CredentialId)).Text("urls", lines.Select(f => f.Credential.PublicUrl)).Time("now", time.GetUtcNow())
            .RunAsync(ct);

    // Documents and log entries of finished lines.
    private static async Task KeepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalFinish> lines, CancellationToken ct)
    {
        List<JournalFinish> logged = [.. lines.Where(f => f.Credential.LogEntry is not null)];
        if (logged.Count > 0)
        {
            await new BulkCommand(
                connection,
                transaction,
                """
                INSERT INTO log_entries (issuer, issuance_id, entry)
                SELECT j.issuer, t.id, t.entry FROM unnest(@ids, @entries) AS t (id, entry) JOIN issue_journal AS j ON j.issuance_id = t.id
                ON CONFLICT DO NOTHING
                """)
                .Ids("ids", logged.Select(f => f.Issuance)).Bytes("entries", logged.Select(f => f.Credential.LogEntry!.Value))
                .RunAsync(ct).ConfigureAwait(false);
        }

        List<(Guid Issuance, CredentialDocument Document)> documents = [.. lines.SelectMany(f => f.Credential.Documents.DistinctBy(d => d.Extension).Select(d => (f.Issuance, d)))];
        if (documents.Count > 0)
        {
            await new BulkCommand(
                connection,
                transaction,
                """
                INSERT INTO credential_documents (issuance_id, extension, media_type, content) SELECT * FROM unnest(@ids, @extensions, @types, @contents)
                ON CONFLICT (issuance_id, extension) DO UPDATE SET media_type = excluded.media_type, content = excluded.content
                """)
                .Ids("ids", documents.Select(d => d.Issuance)).Text("extensions", documents.Select(d => d.Document.Extension)).Text("types", documents.Select(d => d.Document.MediaType))
                .Bytes("contents", documents.Select(d => d.Document.Content))
                .RunAsync(ct).ConfigureAwait(false);
        }
    }

    public Task FailAsync(IReadOnlyList<JournalFailure> failures, CancellationToken ct) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                List<JournalFailure> lines = [.. failures.GroupBy(f => f.Issuance).Select(g => g.Last()).OrderBy(f => f.Issuance)];
                return new BulkCommand(
                    connection,
                    transaction,
                    """
                    WITH told AS (SELECT * FROM unnest(@ids, @states, @causes, @reasons) AS t (id, state, cause, reason)),
                    mine AS (SELECT issuance_id FROM issue_journal WHERE issuance_id = ANY(@ids) AND state = 'Begun' AND lease_owner = @owner ORDER BY issuance_id FOR NO KEY UPDATE)
                    UPDATE issue_journal AS j SET state = t.state, lease_owner = NULL, lease_until = NULL, cause = t.cause, reason = t.reason, changed_at = @now
                    FROM told AS t JOIN mine ON mine.issuance_id = t.id
                    WHERE j.issuance_id = t.id
                    """)
                    .Ids("ids", lines.Select(f => f.Issuance)).Text("states", lines.Select(f => f.InDoubt ? "InDoubt" : "Failed"))
                    .Text("causes", lines.Select(f => f.Cause)).Text("reasons", lines.Select(f => f.Reason)).Time("now", time.GetUtcNow()).Word("owner", owner.ToString())
                    .RunAsync(ct);
            },
            ct);

    public Task<IssuedCredential?> FindAsync(Guid issuance, CancellationToken ct) =>
        database.ReadAsync(
            async connection =>
            {
                List<Line> lines = await ReadLinesAsync(connection, null, "state = 'Finished'", [issuance], ct).ConfigureAwait(false);
                return lines.Count == 0 ? null : (await CredentialsAsync(connection, null, lines, ct).ConfigureAwait(false))[issuance];
            },
            ct);

    private Task<List<JournalOpening>> OpenLinesAsync(List<JournalRequest> requests, DateTimeOffset issuedAt, DateTimeOffset now, TimeSpan lease, CancellationToken ct) =>
        database.WriteAsync(
            async (connection, transaction) =>
            {
                IReadOnlyDictionary<Guid, long> given = await NumbersAsync(connection, transaction, [.. requests.Where(r => r.WantsNumber)], ct).ConfigureAwait(false);
                HashSet<Guid> added = [.. await AddAsync(connection, transaction, requests, given, issuedAt, now, lease, ct).ConfigureAwait(false)];
                List<JournalOpening> openings = [.. added.Select(id => new JournalOpening(id, JournalState.Begun, issuedAt, null) { StatusNumber = NumberOf(given, id) })];
                if (added.Count < requests.Count)
                {
                    openings.AddRange(await ReopenAsync(connection, transaction, [.. requests.Where(r => !added.Contains(r.Issuance))], given, issuedAt, now, lease, ct).ConfigureAwait(false));
                }

                return openings;
            },
            ct);

    public Task<IReadOnlyList<JournalEntry>> ListAsync(string issuer, Guid? after, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<JournalEntry>>(
            async connection => await new BulkCommand(
                connection,
                null,
                """
                SELECT j.issuance_id, j.credential_id, j.public_url, r.confirmed_at IS NOT NULL
                FROM issue_journal AS j LEFT JOIN revocations AS r ON r.issuance_id = j.issuance_id
                WHERE j.issuer = @issuer AND j.state = 'Finished' AND j.issuance_id > @after ORDER BY j.issuance_id LIMIT @limit
                """)
                .Word("issuer", issuer).Id("after", after ?? Guid.Empty).Number("limit", limit)
                .ReadAsync(r => new JournalEntry(r.GetGuid(0), r.GetString(1), r.Text(2), r.GetBoolean(3)), ct).ConfigureAwait(false),
            ct);

    public Task ReopenAsync(Guid issuance, string reason, CancellationToken ct) => database.WriteAsync(
        (connection, transaction) => new BulkCommand(
            connection,
            transaction,
            "UPDATE issue_journal SET state = 'Failed', lease_owner = NULL, lease_until = NULL, cause = 'missing-there', reason = @reason, changed_at = @now WHERE issuance_id = @id AND state = 'Finished'")
            .Id("id", issuance).Word("reason", reason).Time("now", time.GetUtcNow()).RunAsync(ct),
        ct);

    public Task TakeOverAsync(Guid issuance, string issuer, IssuedCredential credential, CancellationToken ct) => database.WriteAsync(
        (connection, transaction) => new BulkCommand(
            connection,
            transaction,
            """
            INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, credential_id, public_url, changed_at) VALUES (@id, @issuer, 'Finished', @issued, @credential, @url, @now)
            ON CONFLICT (issuance_id) DO UPDATE SET state = 'Finished', lease_owner = NULL, lease_until = NULL, credential_id = excluded.credential_id, public_url = excluded.public_url,
                cause = NULL, reason = NULL, changed_at = excluded.changed_at
            """)
            .Id("id", issuance).Word("issuer", issuer).Time("issued", credential.IssuedAt).Word("credential", credential.CredentialId).Word("url", credential.PublicUrl).Time("now", time.GetUtcNow()).RunAsync(ct),
        ct);

    // A number that turns out not to be needed, because the line is there already, is skipped for ever: cheaper than asking first, and repeats are rare.
    private static async Task<IReadOnlyDictionary<Guid, long>> NumbersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalRequest> requests, CancellationToken ct)
    {
        var numbers = new Dictionary<Guid, long>();
        foreach (IGrouping<string, JournalRequest> group in requests.GroupBy(r => r.Issuer).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            JournalRequest[] own = [.. group];
            long first = await ReserveAsync(connection, transaction, group.Key, own.Length, ct).ConfigureAwait(false);
            for (int i = 0; i < own.Length; i++)
            {
                numbers.Add(own[i].Issuance, first + i);
            }
        }

        return numbers;
    }

    private static async Task<long> ReserveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string issuer, int count, CancellationToken ct) =>
        (await new BulkCommand(
            connection,
            transaction,
            """
            INSERT INTO status_numbers AS s (issuer, next_number) VALUES (@issuer, @count)
            ON CONFLICT (issuer) DO UPDATE SET next_number = s.next_number + @count RETURNING next_number - @count
            """)
            .Word("issuer", issuer).Number("count", count).ReadAsync(r => r.GetInt64(0), ct).ConfigureAwait(false))[0];

    private static long? NumberOf(IReadOnlyDictionary<Guid, long> numbers, Guid issuance) => numbers.TryGetValue(issuance, out long number) ? number : null;

    // By far the most are new: one statement opens them all.
    private Task<List<Guid>> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalRequest> requests, IReadOnlyDictionary<Guid, long> numbers, DateTimeOffset issuedAt, DateTimeOffset now, TimeSpan lease, CancellationToken ct) =>
        new BulkCommand(
            connection,
            transaction,
            """
            INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, status_number, lease_owner, lease_until, changed_at)
            SELECT id, issuer, 'Begun', @issued, number, @owner, @until, @now FROM unnest(@ids, @issuers, @numbers) AS t (id, issuer, number)
            ON CONFLICT (issuance_id) DO NOTHING RETURNING issuance_id
            """)
            .Ids("ids", requests.Select(r => r.Issuance)).Text("issuers", requests.Select(r => r.Issuer)).Longs("numbers", requests.Select(r => NumberOf(numbers, r.Issuance)))
            .Time("issued", issuedAt).Word("owner", owner.ToString()).Time("until", now + lease).Time("now", now)
            .ReadAsync(r => r.GetGuid(0), ct);

    private async Task<List<JournalOpening>> ReopenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<JournalRequest> requests, IReadOnlyDictionary<Guid, long> numbers, DateTimeOffset issuedAt, DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        Dictionary<Guid, string> issuers = requests.ToDictionary(r => r.Issuance, r => r.Issuer);
        Dictionary<Guid, TimeSpan> underWay = requests.ToDictionary(r => r.Issuance, r => r.UnderWay);
        List<Line> lines = await ReadLinesAsync(connection, transaction, "true ORDER BY issuance_id FOR NO KEY UPDATE", [.. requests.Select(r => r.Issuance)], ct).ConfigureAwait(false);
        Dictionary<Guid, IssuedCredential> credentials = await CredentialsAsync(connection, transaction, [.. lines.Where(l => l.State == "Finished")], ct).ConfigureAwait(false);
        List<JournalOpening> openings = [.. lines.Select(l => new JournalOpening(l.Issuance, StateOf(l, now, underWay[l.Issuance]), l.State == "Failed" ? issuedAt : l.IssuedAt, credentials.GetValueOrDefault(l.Issuance)))
            .Select((o, i) => o with { BusyUntil = o.State == JournalState.Busy ? BusyUntil(lines[i], now, underWay[o.Issuance]) : null, StatusNumber = lines[i].Issuer == issuers[o.Issuance] ? lines[i].StatusNumber : null })

            // Whatever may have been minted already keeps saying what it said.
            .Select(o => o.State == JournalState.Begun && o.StatusNumber is null ? o with { StatusNumber = NumberOf(numbers, o.Issuance) } : o)];
        List<Guid> lost = [.. lines.Where(l => IsLost(l, now) && underWay[l.Issuance] > TimeSpan.Zero).Select(l => l.Issuance)];
        if (lost.Count > 0)
        {
            // Until when its worker may have asked the issuer nobody knows; from now on it does not.
            await new BulkCommand(connection, transaction, "UPDATE issue_journal SET state = 'InDoubt', lease_owner = NULL, lease_until = NULL, changed_at = @now WHERE issuance_id = ANY(@ids)")
                .Ids("ids", lost).Time("now", now).RunAsync(ct).ConfigureAwait(false);
        }

        List<JournalOpening> taken = [.. openings.Where(o => o.State is JournalState.Begun or JournalState.Unfinished or JournalState.BegunHere)];
        if (taken.Count > 0)
        {
            await new BulkCommand(
                connection,
                transaction,
                """
                UPDATE issue_journal AS j SET state = 'Begun', issuer = t.issuer, issued_at = t.issued_at, status_number = t.number, attempts = j.attempts + 1,
                    lease_owner = @owner, lease_until = @until, taken_in_doubt = t.doubted, cause = NULL, reason = NULL, changed_at = @now
                FROM unnest(@ids, @issuers, @issued, @numbers, @doubted) AS t (id, issuer, issued_at, number, doubted)
                WHERE j.issuance_id = t.id
                """)
                .Ids("ids", taken.Select(o => o.Issuance)).Text("issuers", taken.Select(o => issuers[o.Issuance])).Times("issued", taken.Select(o => (DateTimeOffset?)o.IssuedAt)).Longs("numbers", taken.Select(o => o.StatusNumber)).Flags("doubted", taken.Select(o => o.State == JournalState.Unfinished))
                .Word("owner", owner.ToString()).Time("until", now + lease).Time("now", now)
                .RunAsync(ct).ConfigureAwait(false);
        }

        return openings;
    }

    private static Task<List<Line>> ReadLinesAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string rest, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        new BulkCommand(
            connection,
            transaction,
            $"SELECT issuance_id, state, issued_at, lease_owner, lease_until, credential_id, public_url, issuer, status_number, changed_at, taken_in_doubt FROM issue_journal WHERE issuance_id = ANY(@ids) AND {rest}")
            .Ids("ids", ids)
            .ReadAsync(r => new Line(r.GetGuid(0), r.GetString(1), r.Time(2), r.Text(3), r.TimeOrNull(4), r.Text(5), r.Text(6), r.GetString(7), r.IsDBNull(8) ? null : r.GetInt64(8), r.Time(9), r.GetBoolean(10)), ct);

    private static async Task<Dictionary<Guid, IssuedCredential>> CredentialsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, List<Line> lines, CancellationToken ct)
    {
        if (lines.Count == 0)
        {
            return [];
        }

        ILookup<Guid, CredentialDocument> documents = (await new BulkCommand(
            connection,
            transaction,
            "SELECT issuance_id, media_type, extension, content FROM credential_documents WHERE issuance_id = ANY(@ids) ORDER BY extension")
            .Ids("ids", lines.Select(l => l.Issuance))
            .ReadAsync(r => (Issuance: r.GetGuid(0), Document: new CredentialDocument(r.GetString(1), r.GetString(2), r.GetFieldValue<byte[]>(3))), ct).ConfigureAwait(false))
            .ToLookup(d => d.Issuance, d => d.Document);
        return lines.ToDictionary(
            l => l.Issuance,
            l => new IssuedCredential { CredentialId = l.CredentialId!, IssuedAt = l.IssuedAt, PublicUrl = l.PublicUrl, Documents = [.. documents[l.Issuance]] });
    }

    private JournalState StateOf(Line line, DateTimeOffset now, TimeSpan underWay) => line.State switch
    {
        "Failed" => JournalState.Begun,
        "Finished" => JournalState.Finished,
        "Begun" when line.LeaseOwner == owner.ToString() => line.TakenInDoubt ? JournalState.Unfinished : JournalState.BegunHere,
        "Begun" when HeldByAnother(line, now) => JournalState.Busy,
        "Begun" => underWay > TimeSpan.Zero ? JournalState.Busy : JournalState.Unfinished,
        _ => line.ChangedAt + underWay > now ? JournalState.Busy : JournalState.Unfinished,
    };

    private DateTimeOffset? BusyUntil(Line line, DateTimeOffset now, TimeSpan underWay) =>
        HeldByAnother(line, now) ? line.LeaseUntil : (IsLost(line, now) ? now : line.ChangedAt) + underWay;

    // Begun by a worker that died, or that let its lease run out.
    private bool IsLost(Line line, DateTimeOffset now) => line.State == "Begun" && line.LeaseOwner != owner.ToString() && !HeldByAnother(line, now);

    private bool HeldByAnother(Line line, DateTimeOffset now) => line.State == "Begun" && line.LeaseUntil > now && line.LeaseOwner is not null && !LocalProcess.IsGone(line.LeaseOwner, owner);

    private sealed record Line(Guid Issuance, string State, DateTimeOffset IssuedAt, string? LeaseOwner, DateTimeOffset? LeaseUntil, string? CredentialId, string? PublicUrl, string Issuer, long? StatusNumber, DateTimeOffset ChangedAt, bool TakenInDoubt);
}
