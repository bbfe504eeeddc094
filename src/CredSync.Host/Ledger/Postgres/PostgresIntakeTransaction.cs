using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using CredSync.Sources;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>
/// Takes one page in, in one PostgreSQL transaction. The rows of the page's people are locked, in the order of their ids, before their histories are read; what a
/// concurrent page changed for them has then been committed and is seen. Each part of its work has a file of its own beside this one.
/// </summary>
internal sealed partial class PostgresIntakeTransaction(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction, PageOrigin origin, TimeProvider time) : IIntakeTransaction
{
    private readonly DateTimeOffset now = time.GetUtcNow();
    private readonly HashSet<Guid> locked = [];
    private readonly Dictionary<IdentifierKey, Guid?> lookedUp = [];
    private readonly Dictionary<string, Guid?> matchedWhenRead = new(StringComparer.Ordinal);
    private readonly List<ClaimedIssuance> claimed = [];
    private readonly Dictionary<string, Completion> stored = new(StringComparer.Ordinal);
    private bool planned;

    public IReadOnlyList<ClaimedIssuance> Claimed => claimed;

    public Task<IReadOnlyList<Difference>> DifferencesAsync(IReadOnlyList<ReceivedHash> received, CancellationToken ct) => PartAsync<IReadOnlyList<Difference>>(
        async () =>
        {
            List<(string Key, string Hash)> rows = await Bulk("SELECT natural_key, received_hash FROM completions WHERE source = @source AND natural_key = ANY(@keys)")
                .Word("source", origin.Source).Text("keys", received.Select(r => r.NaturalKey)).ReadAsync(r => (r.GetString(0), r.GetString(1)), ct).ConfigureAwait(false);
            Dictionary<string, string> hashes = rows.ToDictionary(r => r.Key, r => r.Hash, StringComparer.Ordinal);
            var different = new List<Difference>();
            for (int at = 0; at < received.Count; at++)
            {
                // A key that cannot be stored as it is stands in the table in its safe form.
                string? hash = hashes.GetValueOrDefault(PostgresText.Safe(received[at].NaturalKey)!);
                if (hash != received[at].Hash)
                {
                    different.Add(new Difference(at, hash is not null));
                }
            }

            return different;
        },
        ct);

    public Task<IReadOnlyDictionary<string, StoredCompletion>> CompletionsAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => PartAsync<IReadOnlyDictionary<string, StoredCompletion>>(
        async () =>
        {
            List<(string Key, StoredCompletion Stored)> rows = await Bulk(
                """
                SELECT c.natural_key, c.payload::text, c.subject_id, c.revision, m.subject_id FROM completions AS c
                LEFT JOIN matched_by_hand AS m ON m.source = c.source AND m.natural_key = c.natural_key
                WHERE c.source = @source AND c.natural_key = ANY(@keys)
                """)
                .Word("source", origin.Source).Text("keys", naturalKeys)
                .ReadAsync(r => (r.GetString(0), new StoredCompletion(LedgerJson.ReadCompletion(r.GetString(1)), r.IdOrNull(2), r.GetInt32(3)) { MatchedByHand = r.IdOrNull(4) }), ct).ConfigureAwait(false);
            rows.ForEach(r => matchedWhenRead[r.Key] = r.Stored.MatchedByHand);
            return ByKeyAsGiven(naturalKeys, rows.ToDictionary(r => r.Key, r => r.Stored, StringComparer.Ordinal));
        },
        ct);

    public Task<IReadOnlyList<PersonHistory>> HistoriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => PartAsync(
        async () =>
        {
            await LockAsync(subjects, ct).ConfigureAwait(false);
            PersonTies ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
            while (ties.Members.Any(m => !locked.Contains(m)))
            {
                // Merged with others: until all of them are locked, one more may be.
                await LockAsync(ties.Members, ct).ConfigureAwait(false);
                ties = await PostgresTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
            }

            return await PostgresHistories.OfAsync(connection, transaction, ties, origin.Source, stored, ct).ConfigureAwait(false);
        },
        ct);

    public Task<int> RevokeAsync(IReadOnlyList<RevocationRow> revocations, CancellationToken ct) => PartAsync(
        async () =>
        {
            int count = await PostgresRevocations.PlanAsync(connection, transaction, revocations, now, ct).ConfigureAwait(false);
            planned |= count > 0;
            return count;
        },
        ct);

    public Task SetAsideAsync(IReadOnlyList<UnreadableRecord> records, CancellationToken ct) => PartAsync(
        () =>
        {
            // One line a reference and cause; a page that names one twice counts both.
            var lines = records.GroupBy(r => (r.Reference, r.Cause)).Select(g => (g.Key.Reference, g.Key.Cause, g.Last().Sentence, Times: g.Count()))
                .OrderBy(l => l.Reference, StringComparer.Ordinal).ThenBy(l => l.Cause, StringComparer.Ordinal).ToList();
            return Bulk(
                """
                INSERT INTO set_aside (source, reference, cause, sentence, first_seen, last_seen, times)
                SELECT @source, reference, cause, sentence, @now, @now, times FROM unnest(@references, @causes, @sentences, @times) AS t (reference, cause, sentence, times)
                ON CONFLICT (source, reference, cause) DO UPDATE SET sentence = excluded.sentence, last_seen = excluded.last_seen, times = set_aside.times + excluded.times
                """)
                .Word("source", origin.Source).Time("now", now)
                .Text("references", lines.Select(l => l.Reference)).Text("causes", lines.Select(l => l.Cause)).Text("sentences", lines.Select(l => l.Sentence)).Numbers("times", lines.Select(l => l.Times))
                .RunAsync(ct);
        },
        ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection broke; the server undoes the transaction by itself.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task LockAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        List<Guid> missing = [.. subjects.Where(s => !locked.Contains(s)).Order()];
        if (missing.Count > 0)
        {
            await Bulk("SELECT 1 FROM people WHERE subject_id = ANY(@ids) ORDER BY subject_id FOR NO KEY UPDATE").Ids("ids", missing).RunAsync(ct).ConfigureAwait(false);
            locked.UnionWith(missing);
        }
    }

    // A key that cannot be stored as it is stands in the table in its safe form; the caller knows it by its own.
    private static Dictionary<string, T> ByKeyAsGiven<T>(IReadOnlyCollection<string> given, Dictionary<string, T> stored)
    {
        var found = new Dictionary<string, T>(stored.Count, StringComparer.Ordinal);
        foreach (string key in given)
        {
            if (stored.TryGetValue(PostgresText.Safe(key)!, out T? value))
            {
                found[key] = value;
            }
        }

        return found;
    }

    private BulkCommand Bulk(string sql) => new(connection, transaction, sql);

    private Task<T> PartAsync<T>(Func<Task<T>> part, CancellationToken ct) => database.PartAsync(part, ct);
}
