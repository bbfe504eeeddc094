using System.Text.Json;
using CredSync.Completions;
using CredSync.Sources;

namespace CredSync.Conformance.Sources;

/// <summary>A ledger in memory: what a host would have committed.</summary>
internal sealed class Readings : IKnownCompletions
{
    private const int MostPages = 10_000;

    private readonly Dictionary<CompletionKey, Completion> completions = [];

    public List<SourcePage> Pages { get; } = [];

    public Cursor? Cursor { get; private set; }

    public IEnumerable<CompletionKey> Keys => completions.Keys;

    public static Readings From(Cursor? cursor) => new() { Cursor = cursor };

    /// <summary>As if these pages had been committed.</summary>
    public static Readings Of(IEnumerable<SourcePage> pages)
    {
        Readings readings = new();
        foreach (SourcePage page in pages)
        {
            readings.Commit(page);
        }

        return readings;
    }

    public Completion? Find(CompletionKey key) => completions.GetValueOrDefault(key);

    public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>(
        [.. completions.Values.Where(c => c.Course.Key == courseKey).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);

    public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>(
        [.. completions.Values.Where(c => naturalKeys.Contains(c.Key.NaturalKey)).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);

    /// <summary>Reads and commits pages until the source ends, or until so many were committed.</summary>
    public async Task ReadAsync(ICompletionSource source, CancellationToken ct, int pages = int.MaxValue)
    {
        if (pages == 0)
        {
            return;
        }

        await foreach (SourcePage page in source.ReadAsync(new SourceRead { Since = Cursor, Known = this }, ct).ConfigureAwait(false))
        {
            Commit(page);
            if (--pages == 0)
            {
                return;
            }

            if (Pages.Count == MostPages)
            {
                throw new ConformanceException($"The reading did not end within {MostPages} pages.");
            }
        }
    }

    /// <summary>Reads and returns the fault that ended the reading; null when it ended as complete.</summary>
    public async Task<Exception?> ReadFaultAsync(ICompletionSource source, CancellationToken ct)
    {
        try
        {
            await ReadAsync(source, ct).ConfigureAwait(false);
            return null;
        }
        catch (Exception fault) when (fault is not ConformanceException && !ct.IsCancellationRequested)
        {
            return fault;
        }
    }

    private void Commit(SourcePage page)
    {
        foreach (Completion completion in page.Completions)
        {
            completions[completion.Key] = completion;
        }

        Pages.Add(page);
        Cursor = page.Next;
    }

    /// <summary>The content of a completion for comparison: all but what only audits and orders.</summary>
    public static string Content(Completion completion) =>
        JsonSerializer.Serialize(completion with { SourceEventId = null, SourceUpdatedAt = null });
}
