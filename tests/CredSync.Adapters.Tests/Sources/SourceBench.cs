using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources;
using CredSync.Sources.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Adapters.Tests.Sources;

/// <summary>Builds one source as the host does, with waits of milliseconds and, if wanted, a scripted platform instead of the network.</summary>
internal sealed class SourceBench : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public SourceBench(HttpMessageHandler? platform = null, TimeProvider? time = null, SourceHttpSettings? settings = null)
    {
        ServiceCollection collection = new();
        Builder builder = new(collection);
        collection.AddSingleton(settings ?? Fast);
        collection.AddSingleton(time ?? TimeProvider.System);
        builder.AddBuiltInSources();
        if (platform is not null)
        {
            collection.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => platform));
            foreach (SourceAdapter adapter in collection.Select(s => s.ImplementationInstance).OfType<SourceAdapter>().ToList())
            {
                collection.AddHttpClient(adapter.Name).ConfigurePrimaryHttpMessageHandler(() => platform);
            }
        }

        services = collection.BuildServiceProvider();
    }

    public static SourceHttpSettings Fast { get; } = new() { FirstWait = TimeSpan.FromMilliseconds(1), BreakAfter = 1000, TryTimeout = TimeSpan.FromSeconds(20) };

    public IReadOnlyList<SourceAdapter> Adapters => [.. services.GetServices<SourceAdapter>()];

    public ICompletionSource Create(string adapter, object options, string name = "test-source") => Create(adapter, options, new SourceIdentity(name));

    public ICompletionSource Create(string adapter, object options, SourceIdentity identity) => Adapters.Single(a => a.Name == adapter).Create(services, identity, options);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;
}

/// <summary>A ledger as far as a source sees it: what was yielded, and the cursor of the last committed page.</summary>
internal sealed class TestLedger : IKnownCompletions
{
    public Dictionary<CompletionKey, Completion> Completions { get; } = [];

    public List<UnreadableRecord> Unreadable { get; } = [];

    public Cursor? Cursor { get; private set; }

    public List<Completion> Yielded { get; } = [];

    /// <summary>How often all that is known of a course was asked for.</summary>
    public int CoursesAsked { get; private set; }

    /// <summary>The most keys that were asked for at once.</summary>
    public int MostKeysAsked { get; private set; }

    public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct)
    {
        CoursesAsked++;
        return Task.FromResult<IReadOnlyList<KnownCompletion>>([.. Completions.Values.Where(c => c.Course.Key == courseKey).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);
    }

    public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct)
    {
        MostKeysAsked = Math.Max(MostKeysAsked, naturalKeys.Count);
        return Task.FromResult<IReadOnlyList<KnownCompletion>>([.. Completions.Values.Where(c => naturalKeys.Contains(c.Key.NaturalKey)).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);
    }

    /// <summary>Reads until the source has nothing more, or until so many pages were committed (as if the process were killed then).</summary>
    public async Task<int> ReadAsync(ICompletionSource source, CancellationToken ct, int pages = int.MaxValue)
    {
        int read = 0;
        await foreach (SourcePage page in source.ReadAsync(new SourceRead { Since = Cursor, Known = this }, ct))
        {
            if (read == pages)
            {
                return read;
            }

            page.Next.ShouldNotBe(Cursor ?? default, "a page's cursor must move");
            foreach (Completion completion in page.Completions)
            {
                Completions[completion.Key] = completion;
                Yielded.Add(completion);
            }

            Unreadable.AddRange(page.Unreadable);
            Cursor = page.Next;
            read++;
        }

        return read;
    }

    /// <summary>Reads and expects a fault; whatever was committed before it stays.</summary>
    public async Task<SourceException> ReadFaultAsync(ICompletionSource source, CancellationToken ct) =>
        await Should.ThrowAsync<SourceException>(() => ReadAsync(source, ct));

    public void Set(Completion completion) => Completions[completion.Key] = completion;
}

/// <summary>A clock whose timers fire at once and which notes how long each was asked to wait.</summary>
internal sealed class InstantTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<TimeSpan> waits = [];

    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
            {
                return [.. waits];
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            waits.Add(dueTime);
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
