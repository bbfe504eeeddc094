using CredSync.Host.Storage;
using CredSync.Issuers;
using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Issue;

/// <summary>The issue journal in a SQLite file of its own, so that issuing never waits for intake's write lock.</summary>
internal sealed class SqliteIssueJournal(SqliteDatabase database, LeaseOwner owner, TimeProvider time) : IIssueJournal
{
    private const string Close =
        "UPDATE issue_journal SET state = 'Finished', issued_at = @issuedAt, lease_owner = NULL, lease_until = NULL, credential_id = @CredentialId, public_url = @PublicUrl, cause = NULL, reason = NULL, changed_at = @now WHERE issuance_id = @id";

    // Who comes second finds the line of the first, and nothing of its own is kept.
    private const string Add =
        """
        INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, status_number, credential_id, public_url, changed_at)
        VALUES (@id, @issuer, 'Finished', @issuedAt, @StatusNumber, @CredentialId, @PublicUrl, @now) ON CONFLICT (issuance_id) DO NOTHING
        """;

    private const string Keep =
        "INSERT INTO credential_documents (issuance_id, extension, media_type, content) VALUES (@id, @Extension, @MediaType, @content) ON CONFLICT DO UPDATE SET media_type = excluded.media_type, content = excluded.content";

    public async Task MigrateAsync(CancellationToken ct)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(database.Path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await using FileStream gate = await FileGate.EnterAsync(database.Path + ".migrate", time, ct).ConfigureAwait(false);
        await using (await database.OpenAsync(ct).ConfigureAwait(false))
        {
            MigrationScripts.Apply(DeployChanges.To.SqliteDatabase(database.ConnectionString), "Issue.Migrations.Sqlite", $"The issue journal '{database.Path}'");
        }
    }

    public Task<IReadOnlyList<JournalOpening>> BeginAsync(IReadOnlyList<JournalRequest> requests, TimeSpan lease, CancellationToken ct) => database.GuardAsync(() => OpenLinesAsync(requests, lease, ct));

    public Task<IReadOnlyDictionary<Guid, IssuedCredential?>> FinishAsync(IReadOnlyList<JournalFinish> finished, CancellationToken ct) => database.GuardAsync(() => WriteFinishedAsync(finished, ct));

    public Task FailAsync(IReadOnlyList<JournalFailure> failures, CancellationToken ct) => database.GuardAsync(() => WriteFailedAsync(failures, ct));

    private async Task<IReadOnlyList<JournalOpening>> OpenLinesAsync(IReadOnlyList<JournalRequest> requests, TimeSpan lease, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();

        // Whole seconds: a JWT's nbf has no fractions, and both forms of a credential must say the same.
        DateTimeOffset issuedAt = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var openings = new Dictionary<Guid, JournalOpening>(requests.Count);
        List<JournalRequest> wanted = [.. requests.DistinctBy(r => r.Issuance)];
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        Dictionary<string, Line> lines = (await session.Connection.QueryAsync<Line>(Command(
            "SELECT issuance_id AS id, state, issuer, status_number AS statusNumber, issued_at AS issuedAt, lease_owner AS leaseOwner, lease_until AS leaseUntil, credential_id AS credentialId, public_url AS publicUrl, changed_at AS changedAt, taken_in_doubt AS takenInDoubt FROM issue_journal WHERE issuance_id IN (SELECT value FROM json_each(@ids))",
            new { ids = System.Text.Json.JsonSerializer.Serialize(wanted.Select(r => SqliteText.Of(r.Issuance))) }, session.Transaction, ct)).ConfigureAwait(false)).ToDictionary(l => l.Id, StringComparer.Ordinal);
        Dictionary<string, long> next = await ReserveAsync(session, wanted.Where(r => r.WantsNumber && !lines.ContainsKey(SqliteText.Of(r.Issuance))), ct).ConfigureAwait(false);
        foreach (JournalRequest request in wanted)
        {
            Line? line = lines.GetValueOrDefault(SqliteText.Of(request.Issuance));
            JournalState state = StateOf(line, now, request.UnderWay);
            DateTimeOffset date = line is null || line.State == "Failed" ? issuedAt : SqliteText.Time(line.IssuedAt);
            long? number = line?.Issuer == request.Issuer ? line.StatusNumber : null;
            if (state is JournalState.Begun or JournalState.Unfinished or JournalState.BegunHere)
            {
                // Whatever may have been minted already keeps saying what it said.
                if (state == JournalState.Begun && number is null && request.WantsNumber && line is null)
                {
                    number = next[request.Issuer]++;
                }
                else if (state == JournalState.Begun && number is null && request.WantsNumber)
                {
                    number = await session.Connection.QuerySingleAsync<long>(Command(
                        "INSERT INTO status_numbers (issuer, next_number) VALUES (@Issuer, 1) ON CONFLICT (issuer) DO UPDATE SET next_number = next_number + 1 RETURNING next_number - 1",
                        new { request.Issuer }, session.Transaction, ct)).ConfigureAwait(false);
                }

                await (line is null && !request.NeedsLine ? Task.CompletedTask : session.Connection.ExecuteAsync(Command(
                    """
                    INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, status_number, lease_owner, lease_until, taken_in_doubt, changed_at)
                    VALUES (@id, @Issuer, 'Begun', @issuedAt, @number, @owner, @until, @doubted, @now)
                    ON CONFLICT (issuance_id) DO UPDATE SET state = 'Begun', issuer = excluded.issuer, status_number = excluded.status_number, issued_at = excluded.issued_at, attempts = attempts + 1,
                        lease_owner = excluded.lease_owner, lease_until = excluded.lease_until, taken_in_doubt = excluded.taken_in_doubt, cause = NULL, reason = NULL, changed_at = excluded.changed_at
                    """,
                    new { id = SqliteText.Of(request.Issuance), request.Issuer, issuedAt = SqliteText.Of(date), number, owner = owner.ToString(), until = SqliteText.Of(now + lease), doubted = state == JournalState.Unfinished, now = SqliteText.Of(now) },
                    session.Transaction,
                    ct))).ConfigureAwait(false);
            }

            if (line is not null && IsLost(line, now) && state == JournalState.Busy)
            {
                // Until when its worker may have asked the issuer nobody knows; from now on it does not.
                await session.Connection.ExecuteAsync(Command(
                    "UPDATE issue_journal SET state = 'InDoubt', lease_owner = NULL, lease_until = NULL, changed_at = @now WHERE issuance_id = @id",
                    new { id = SqliteText.Of(request.Issuance), now = SqliteText.Of(now) }, session.Transaction, ct)).ConfigureAwait(false);
            }

            IssuedCredential? credential = state == JournalState.Finished
                ? await CredentialAsync(session.Connection, session.Transaction, request.Issuance, line!, ct).ConfigureAwait(false)
                : null;
            openings.Add(request.Issuance, new JournalOpening(request.Issuance, state, date, credential) { BusyUntil = state == JournalState.Busy ? BusyUntil(line!, now, request.UnderWay) : null, StatusNumber = number, HasLine = line is not null || request.NeedsLine });
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
        return [.. requests.Select(r => openings[r.Issuance])];
    }

    // One visit for all new lines of an issuer.
    private static async Task<Dictionary<string, long>> ReserveAsync(SqliteWrite session, IEnumerable<JournalRequest> requests, CancellationToken ct)
    {
        var first = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (IGrouping<string, JournalRequest> group in requests.GroupBy(r => r.Issuer, StringComparer.Ordinal))
        {
            first[group.Key] = await session.Connection.QuerySingleAsync<long>(Command(
                "INSERT INTO status_numbers (issuer, next_number) VALUES (@issuer, @count) ON CONFLICT (issuer) DO UPDATE SET next_number = next_number + @count RETURNING next_number - @count",
                new { issuer = group.Key, count = group.Count() }, session.Transaction, ct)).ConfigureAwait(false);
        }

        return first;
    }

    private async Task<IReadOnlyDictionary<Guid, IssuedCredential?>> WriteFinishedAsync(IReadOnlyList<JournalFinish> finished, CancellationToken ct)
    {
        Dictionary<Guid, IssuedCredential?> theirs = [];
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        using var close = new SqliteStatement(session.Connection, session.Transaction, Close, "id", "issuedAt", "CredentialId", "PublicUrl", "now");
        using var add = new SqliteStatement(session.Connection, session.Transaction, Add, "id", "issuedAt", "CredentialId", "PublicUrl", "now", "issuer", "StatusNumber");
        using var keep = new SqliteStatement(session.Connection, session.Transaction, Keep, "id", "Extension", "MediaType", "content");
        string now = SqliteText.Of(time.GetUtcNow());
        foreach (JournalFinish finish in finished)
        {
            string id = SqliteText.Of(finish.Issuance), issuedAt = SqliteText.Of(finish.Credential.IssuedAt);
            int written = await (finish.NewLineOf is null
                ? close.RunAsync(ct, id, issuedAt, finish.Credential.CredentialId, finish.Credential.PublicUrl, now)
                : add.RunAsync(ct, id, issuedAt, finish.Credential.CredentialId, finish.Credential.PublicUrl, now, finish.NewLineOf, finish.StatusNumber)).ConfigureAwait(false);
            if (written == 0 && finish.NewLineOf is not null)
            {
                theirs[finish.Issuance] = await FindAsync(session.Connection, session.Transaction, finish.Issuance, ct).ConfigureAwait(false);
                continue;
            }

            if (finish.Credential.LogEntry is { } entry)
            {
                await session.Connection.ExecuteAsync(Command(
                    "INSERT INTO log_entries (issuer, issuance_id, entry) SELECT issuer, issuance_id, @entry FROM issue_journal WHERE issuance_id = @id ON CONFLICT DO NOTHING",
                    new { id, entry = entry.ToArray() }, session.Transaction, ct)).ConfigureAwait(false);
            }

            foreach (CredentialDocument document in finish.Credential.Documents)
            {
                await keep.RunAsync(ct, id, document.Extension, document.MediaType, document.Content.ToArray()).ConfigureAwait(false);
            }
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
        return theirs;
    }

    private async Task<bool> WriteFailedAsync(IReadOnlyList<JournalFailure> failures, CancellationToken ct)
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        foreach (JournalFailure failure in failures)
        {
            await session.Connection.ExecuteAsync(Command(
                "UPDATE issue_journal SET state = @state, lease_owner = NULL, lease_until = NULL, cause = @Cause, reason = @Reason, changed_at = @now WHERE issuance_id = @id AND state = 'Begun' AND lease_owner = @owner",
                new { id = SqliteText.Of(failure.Issuance), owner = owner.ToString(), state = failure.InDoubt ? "InDoubt" : "Failed", failure.Cause, failure.Reason, now = SqliteText.Of(time.GetUtcNow()) },
                session.Transaction,
                ct)).ConfigureAwait(false);
        }

        await session.CommitAsync(ct).ConfigureAwait(false);
        return true;
    }

    public async Task<IssuedCredential?> FindAsync(Guid issuance, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        return await FindAsync(connection, null, issuance, ct).ConfigureAwait(false);
    }

    private static async Task<IssuedCredential?> FindAsync(SqliteConnection connection, SqliteTransaction? transaction, Guid issuance, CancellationToken ct)
    {
        Line? line = await connection.QuerySingleOrDefaultAsync<Line>(Command(
            "SELECT state, issued_at AS issuedAt, credential_id AS credentialId, public_url AS publicUrl FROM issue_journal WHERE issuance_id = @id AND state = 'Finished'",
            new { id = SqliteText.Of(issuance) }, transaction, ct)).ConfigureAwait(false);
        return line is null ? null : await CredentialAsync(connection, transaction, issuance, line, ct).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<JournalEntry>> ListAsync(string issuer, Guid? after, int limit, CancellationToken ct)
    {
        await using SqliteConnection connection = await database.OpenAsync(ct).ConfigureAwait(false);
        IEnumerable<(string Id, string Credential, string? Url, long Revoked)> rows = await connection.QueryAsync<(string, string, string?, long)>(Command(
            """
            SELECT j.issuance_id, j.credential_id, j.public_url, r.confirmed_at IS NOT NULL
            FROM issue_journal AS j LEFT JOIN revocations AS r ON r.issuance_id = j.issuance_id
            WHERE j.issuer = @issuer AND j.state = 'Finished' AND j.issuance_id > @after ORDER BY j.issuance_id LIMIT @limit
            """,
            new { issuer, after = after is { } id ? SqliteText.Of(id) : "", limit }, null, ct)).ConfigureAwait(false);
        return [.. rows.Select(r => new JournalEntry(Guid.Parse(r.Id), r.Credential, r.Url, r.Revoked == 1))];
    }

    public Task ReopenAsync(Guid issuance, string reason, CancellationToken ct) => WriteAsync(
        "UPDATE issue_journal SET state = 'Failed', lease_owner = NULL, lease_until = NULL, cause = 'missing-there', reason = @reason, changed_at = @now WHERE issuance_id = @id AND state = 'Finished'",
        new { id = SqliteText.Of(issuance), reason, now = SqliteText.Of(time.GetUtcNow()) }, ct);

    public Task TakeOverAsync(Guid issuance, string issuer, IssuedCredential credential, CancellationToken ct) => WriteAsync(
        """
        INSERT INTO issue_journal (issuance_id, issuer, state, issued_at, credential_id, public_url, changed_at) VALUES (@id, @issuer, 'Finished', @issuedAt, @CredentialId, @PublicUrl, @now)
        ON CONFLICT (issuance_id) DO UPDATE SET state = 'Finished', lease_owner = NULL, lease_until = NULL, credential_id = excluded.credential_id, public_url = excluded.public_url,
            cause = NULL, reason = NULL, changed_at = excluded.changed_at
        """,
        new { id = SqliteText.Of(issuance), issuer, issuedAt = SqliteText.Of(credential.IssuedAt), credential.CredentialId, credential.PublicUrl, now = SqliteText.Of(time.GetUtcNow()) }, ct);

    private Task<bool> WriteAsync(string text, object parameters, CancellationToken ct) => database.GuardAsync(async () =>
    {
        await using SqliteWrite session = await database.BeginWriteAsync(ct).ConfigureAwait(false);
        await session.Connection.ExecuteAsync(Command(text, parameters, session.Transaction, ct)).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        return true;
    });

    private JournalState StateOf(Line? line, DateTimeOffset now, TimeSpan underWay) => line switch
    {
        null or { State: "Failed" } => JournalState.Begun,
        { State: "Finished" } => JournalState.Finished,
        { State: "Begun" } when line.LeaseOwner == owner.ToString() => line.TakenInDoubt ? JournalState.Unfinished : JournalState.BegunHere,
        _ when HeldByAnother(line, now) => JournalState.Busy,
        { State: "Begun" } => underWay > TimeSpan.Zero ? JournalState.Busy : JournalState.Unfinished,
        _ => SqliteText.Time(line.ChangedAt) + underWay > now ? JournalState.Busy : JournalState.Unfinished,
    };

    private DateTimeOffset? BusyUntil(Line line, DateTimeOffset now, TimeSpan underWay) =>
        HeldByAnother(line, now) ? SqliteText.TimeOrNull(line.LeaseUntil) : (IsLost(line, now) ? now : SqliteText.Time(line.ChangedAt)) + underWay;

    // Begun by a worker that died, or that let its lease run out.
    private bool IsLost(Line line, DateTimeOffset now) => line.State == "Begun" && line.LeaseOwner != owner.ToString() && !HeldByAnother(line, now);

    private bool HeldByAnother(Line line, DateTimeOffset now) =>
        line.State == "Begun" && line.LeaseUntil is not null && SqliteText.Time(line.LeaseUntil) > now && line.LeaseOwner is not null && !LocalProcess.IsGone(line.LeaseOwner, owner);

    private static async Task<IssuedCredential> CredentialAsync(SqliteConnection connection, SqliteTransaction? transaction, Guid issuance, Line line, CancellationToken ct)
    {
        IEnumerable<(string MediaType, string Extension, byte[] Content)> documents = await connection.QueryAsync<(string, string, byte[])>(Command(
            "SELECT media_type, extension, content FROM credential_documents WHERE issuance_id = @id ORDER BY extension", new { id = SqliteText.Of(issuance) }, transaction, ct)).ConfigureAwait(false);
        return new IssuedCredential
        {
            CredentialId = line.CredentialId!,
            IssuedAt = SqliteText.Time(line.IssuedAt),
            PublicUrl = line.PublicUrl,
            Documents = [.. documents.Select(d => new CredentialDocument(d.MediaType, d.Extension, d.Content))],
        };
    }

    private static CommandDefinition Command(string sql, object parameters, SqliteTransaction? transaction, CancellationToken ct) => new(sql, parameters, transaction, cancellationToken: ct);

    private sealed record Line
    {
        public string Id { get; init; } = "";

        public string State { get; init; } = "";

        public string? Issuer { get; init; }

        public long? StatusNumber { get; init; }

        public string IssuedAt { get; init; } = "";

        public string? LeaseOwner { get; init; }

        public string? LeaseUntil { get; init; }

        public string? CredentialId { get; init; }

        public string? PublicUrl { get; init; }

        public string ChangedAt { get; init; } = "";

        public bool TakenInDoubt { get; init; }
    }
}
