using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources;
using CredSync.Sources.Coursera;
using CredSync.Sources.Csv;
using CredSync.Sources.EdxBusiness;
using CredSync.Sources.HttpJson;
using CredSync.Sources.Xapi;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Benchmarks;

/// <summary>
/// P6 of the adapters alone: each reads a platform of ever more rows, all of them known already, and the highest memory that is in use on the way is told, looked for after a whole collection while
/// a page is in hand. The yardstick is ten thousand rows.
/// </summary>
internal static class ReadingBenchmark
{
    private const int Few = 10_000;
    private const int PageSize = 1_000;
    private const int Looks = 200;

    public static async Task<IReadOnlyList<Figure>> RunAsync(int many)
    {
        string folder = Directory.CreateTempSubdirectory("credsync-reading-").FullName;
        try
        {
            var figures = new List<Figure>();
            foreach (string adapter in (string[])["coursera", "csv", "edx-business", "http-json", "xapi"])
            {
                // The first reading makes what an adapter needs once, and does not count. The few rows are read again and again, so that both sides are looked at as often.
                await ReadAsync(adapter, PageSize * 2, folder).ConfigureAwait(false);
                long few = 0;
                for (int look = 0; look < Looks; look += Few / PageSize)
                {
                    few = Math.Max(few, await ReadAsync(adapter, Few, folder).ConfigureAwait(false));
                }

                long all = await ReadAsync(adapter, many, folder).ConfigureAwait(false);
                figures.Add(new Figure(
                    "P6", Measure.Words($"highest live memory while {adapter} reads {many:N0} known rows; yardstick {Few:N0}"), Measure.Words($"{all / 1e6:0.0} MB"), Measure.Words($"{few / 1e6:0.0} MB"),
                    Measure.Words($"{(double)all / few:0.00}"), "< 1.2"));
            }

            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<long> ReadAsync(string adapter, int rows, string folder)
    {
        var platform = new PlayRows(rows);
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        new Builder(services).AddBuiltInSources();
        foreach (SourceAdapter each in services.Select(s => s.ImplementationInstance).OfType<SourceAdapter>().ToList())
        {
            services.AddHttpClient(each.Name).ConfigurePrimaryHttpMessageHandler(() => platform);
        }

        object options = adapter == "csv" ? new CsvOptions { Path = PlayRows.WriteCsv(folder, rows), Settle = TimeSpan.Zero, PageSize = PageSize } : OptionsOf(adapter);
        await using ServiceProvider provider = services.BuildServiceProvider();
        ICompletionSource source = provider.GetServices<SourceAdapter>().Single(a => a.Name == adapter).Create(provider, new SourceIdentity("play"), options);
        int every = Math.Max(1, rows / PageSize / Looks);
        (long highest, int read, int pages) = (0, 0, 0);
        await foreach (SourcePage page in source.ReadAsync(new SourceRead { Known = new AllKnown() }, CancellationToken.None).ConfigureAwait(false))
        {
            read += page.Completions.Count + page.Unreadable.Count;
            if (pages++ % every == 0)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: false));
            }

            GC.KeepAlive(page);
        }

        (source as IDisposable)?.Dispose();
        return read == rows ? highest : throw new InvalidOperationException($"{adapter} read {read} of {rows} rows.");
    }

    private static object OptionsOf(string adapter)
    {
        var secret = new Secret("env:PLAY", () => "play");
        return adapter switch
        {
            "coursera" => new CourseraOptions { Organisation = "play", AppKey = secret, AppSecret = secret, PageSize = PageSize, PerProgram = true },
            "edx-business" => new EdxBusinessOptions { Enterprise = "play", ClientId = secret, ClientSecret = secret, PageSize = PageSize },
            "xapi" => new XapiOptions { Address = new Uri("https://play.example/xapi"), Key = secret, Secret = secret, PageSize = PageSize },
            _ => new HttpJsonOptions
            {
                Address = new Uri("https://play.example/rows"),
                Items = "rows",
                Paging = HttpJsonPaging.Offset,
                SizeParameter = "limit",
                PageSize = PageSize,
                Fields = new Dictionary<string, string> { ["external_id"] = "person", ["email"] = "mail", ["course"] = "course", ["completed_at"] = "at", ["score"] = "score" },
            },
        };
    }

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;

    // A ledger that has every row. Who asks it for a whole course asks for as much as there is.
    private sealed class AllKnown : IKnownCompletions
    {
        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => throw new InvalidOperationException("A page asked for all that is known of a course.");

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<KnownCompletion>>([.. naturalKeys.Select(k => new KnownCompletion(k, CompletionStatus.Completed, null))]);
    }
}
