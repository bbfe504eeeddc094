using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using CredSync.Sources;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>
/// Takes one page in, in one SQLite write transaction, which begins with the first thing that is read or written for a page that brings something; nothing read in it can be stale. Until then the session keeps other
/// writers of this process out.
/// </summary>
internal sealed partial class SqliteIntakeTransaction(SqliteWrite session, PageOrigin origin, TimeProvider time) : IIntakeTransaction
{
    private readonly string now = SqliteText.Of(time.GetUtcNow());

    public IReadOnlyList<ClaimedIssuance> Claimed => [];

    public Task<IReadOnlyList<Difference>> DifferencesAsync(IReadOnlyList<ReceivedHash> received, CancellationToken ct)
    {
        if (!session.HasBegun && SqliteReceived.AreAllKnown(session.Connection, origin.Source, received, ct))
        {
            return Task.FromResult<IReadOnlyList<Difference>>([]);
        }

        // Looked for again with the write lock held, so that what is found cannot be stale.
        session.Begin();
        return Task.FromResult(SqliteReceived.Differences(session.Connection, origin.Source, received, ct));
    }

    public async Task<IReadOnlyDictionary<string, StoredCompletion>> CompletionsAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct)
    {
        IEnumerable<(string Key, string Payload, string? Subject, long Revision, string? ByHand)> rows = await QueryAsync<(string, string, string?, long, string?)>(
            """
            SELECT c.natural_key, c.payload, c.subject_id, c.revision, m.subject_id FROM completions AS c
            LEFT JOIN matched_by_hand AS m ON m.source = c.source AND m.natural_key = c.natural_key
            WHERE c.source = @Source AND c.natural_key IN (SELECT value FROM json_each(@keys))
            """,
            new { origin.Source, keys = LedgerJson.Write([.. naturalKeys]) },
            ct).ConfigureAwait(false);
        return rows.ToDictionary(
            r => r.Key,
            r => new StoredCompletion(LedgerJson.ReadCompletion(r.Payload), r.Subject is null ? null : Id(r.Subject), (int)r.Revision) { MatchedByHand = r.ByHand is null ? null : Id(r.ByHand) },
            StringComparer.Ordinal);
    }

    public async Task StoreCompletionsAsync(IReadOnlyList<CompletionRow> completions, CancellationToken ct)
    {
        using SqliteCommand store = Prepare(
            """
            INSERT INTO completions (source, natural_key, subject_id, course_key, status, completed_at, received_hash, content_hash, revision, payload, hold_cause, hold_sentence, first_seen, last_changed)
            VALUES (@source, @key, @subject, @course, @status, @completedAt, @received, @content, @revision, @payload, @holdCause, @holdSentence, @now, @now)
            ON CONFLICT (source, natural_key) DO UPDATE SET
                subject_id = excluded.subject_id, course_key = excluded.course_key, status = excluded.status, completed_at = excluded.completed_at,
                received_hash = excluded.received_hash, content_hash = excluded.content_hash, revision = excluded.revision, payload = excluded.payload,
                hold_cause = excluded.hold_cause, hold_sentence = excluded.hold_sentence,
                last_changed = CASE WHEN excluded.content_hash = content_hash THEN last_changed ELSE excluded.last_changed END
            """,
            "source", "key", "subject", "course", "status", "completedAt", "received", "content", "revision", "payload", "holdCause", "holdSentence", "now");
        foreach (CompletionRow row in completions)
        {
            Completion c = row.Completion;
            await RunAsync(
                store, ct, origin.Source, c.Key.NaturalKey, row.Subject is { } s ? SqliteText.Of(s) : null, c.Course.Key, c.Status.ToString(), SqliteText.Of(c.CompletedAt),
                row.ReceivedHash, row.ContentHash, row.Revision, LedgerJson.Write(c), row.HoldCause, row.HoldSentence, now).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<PersonHistory>> HistoriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        SqliteHistories.OfAsync(session.Connection, session.Transaction, subjects, ct);

    public Task<(int Planned, int Held)> PlanAsync(IReadOnlyList<IssuanceRow> issuances, CancellationToken ct) =>
        SqliteIssuances.PlanAsync(session, issuances, now, ct);

    public Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct) => SqliteRevocations.PlanAsync(session.Connection, session.Transaction, revocations, now, ct);

    public async Task SetAsideAsync(IReadOnlyList<UnreadableRecord> records, CancellationToken ct)
    {
        using SqliteCommand store = Prepare(
            """
            INSERT INTO set_aside (source, reference, cause, sentence, first_seen, last_seen) VALUES (@source, @reference, @cause, @sentence, @now, @now)
            ON CONFLICT (source, reference, cause) DO UPDATE SET sentence = excluded.sentence, last_seen = excluded.last_seen, times = times + 1
            """,
            "source", "reference", "cause", "sentence", "now");
        foreach (UnreadableRecord record in records)
        {
            await RunAsync(store, ct, origin.Source, record.Reference, record.Cause, record.Sentence, now).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken ct) =>
        session.Connection.QueryAsync<T>(new CommandDefinition(sql, parameters, session.Transaction, cancellationToken: ct));

    // One prepared statement for all rows of a page: SQLite has no array parameters, and re-preparing costs more than the insert.
    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> names)
    {
        SqliteCommand command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
#pragma warning disable CA2100 // The text is a constant of this file; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
        }

        return command;
    }

    private static Task<int> RunAsync(SqliteCommand command, CancellationToken ct, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command.ExecuteNonQueryAsync(ct);
    }

    private static Guid Id(string text) => Guid.Parse(text, CultureInfo.InvariantCulture);
}
