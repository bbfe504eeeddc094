using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources;
using CredSync.Sources.Coursera;
using CredSync.Sources.Csv;
using CredSync.Sources.Edx;
using CredSync.Sources.EdxBusiness;
using CredSync.Sources.HttpJson;
using CredSync.Sources.Moodle;
using CredSync.Sources.Xapi;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Benchmarks;

/// <summary>
/// P6 of the adapters alone: each reads a platform of ever more rows, all of them known already, and the highest memory that is in use on the way is told, looked for after a whole collection while
/// a page is in hand. The yardstick is ten thousand rows. Open edX and Moodle have their rows in courses of a thousand learners, as many as it takes; Moodle is read both ways, one by one and, with
/// nobody known yet, with a report of all that there is. The report is in hand while the courses are read, so that there the figure is how much of it a row takes.
/// </summary>
internal static class ReadingBenchmark
{
    private const int Few = 10_000;
    private const int PageSize = 1_000;
    private const int EdxPageSize = 200;
    private const int Looks = 200;
    private const string WithReport = "moodle with a report";

    public static async Task<IReadOnlyList<Figure>> RunAsync(int many)
    {
        string folder = Directory.CreateTempSubdirectory("credsync-reading-").FullName;
        try
        {
            var figures = new List<Figure>();
            foreach (string adapter in (string[])["coursera", "csv", "edx", "edx-business", "http-json", "moodle", WithReport, "xapi"])
            {
                // The first reading makes what an adapter needs once, and does not count. The few rows are read again and again, so that both sides are looked at as often.
                await ReadAsync(adapter, PageSize * 2, folder).ConfigureAwait(false);
                long few = 0;
                for (int look = 0; look < Looks; look += Few / PageSize)
                {
                    few = Math.Max(few, await ReadAsync(adapter, Few, folder).ConfigureAwait(false));
                }

                long all = await ReadAsync(adapter, many, folder).ConfigureAwait(false);
                figures.Add(FigureOf(adapter, many, all, few));
            }

            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Figure FigureOf(string adapter, int many, long all, long few)
    {
        string read = adapter == WithReport
            ? Measure.Words($"moodle reads {many:N0} rows, nobody known, with a report of all of them, which it keeps")
            : Measure.Words($"{adapter} reads {many:N0} known rows");
        (string ratio, string goal) = adapter == WithReport
            ? (Measure.Words($"{(double)(all - few) / Math.Max(1, many - Few):0} B a row"), "< 24 B a row")
            : (Measure.Words($"{(double)all / few:0.00}"), "< 1.2");
        return new Figure("P6", Measure.Words($"highest live memory while {read}; yardstick {Few:N0}"), Measure.Words($"{all / 1e6:0.0} MB"), Measure.Words($"{few / 1e6:0.0} MB"), ratio, goal);
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

        object options = adapter == "csv" ? new CsvOptions { Path = PlayRows.WriteCsv(folder, rows), Settle = TimeSpan.Zero, PageSize = PageSize } : OptionsOf(adapter, rows);
        await using ServiceProvider provider = services.BuildServiceProvider();
        ICompletionSource source = provider.GetServices<SourceAdapter>().Single(a => a.Name == adapter.Split(' ')[0]).Create(provider, new SourceIdentity("play"), options);
        int every = Math.Max(1, rows / (adapter == "edx" ? EdxPageSize : PageSize) / Looks);
        (long highest, int read, int pages) = (0, 0, 0);
        await foreach (SourcePage page in source.ReadAsync(new SourceRead { Known = adapter == WithReport ? new NothingKnown() : new AllKnown() }, CancellationToken.None).ConfigureAwait(false))
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
        read = platform.Listed > 0 ? platform.Listed : read;
        return read == rows ? highest : throw new InvalidOperationException($"{adapter} read {read} of {rows} rows.");
    }

    private static object OptionsOf(string adapter, int rows)
    {
        var secret = new Secret("env:PLAY", () => "play");
        return adapter switch
        {
            "coursera" => new CourseraOptions { Organisation = "play", AppKey = secret, AppSecret = secret, PageSize = PageSize, PerProgram = true },
            "edx" => new EdxOptions { Address = new Uri("https://play.example"), ClientId = secret, ClientSecret = secret, Courses = PlayRows.Runs(rows), Accounts = false, PageSize = EdxPageSize },
            "moodle" => new MoodleOptions { Address = new Uri("https://play.example"), Token = secret, Grades = false, PageSize = PageSize },
            WithReport => new MoodleOptions { Address = new Uri("https://play.example"), Token = secret, Grades = false, PageSize = PageSize, Report = 1 },
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

    // A ledger that has every row. Who asks it for a whole course asks for as much as there is, which only Moodle's may: one course at a time.
    private sealed class AllKnown : IKnownCompletions
    {
        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => PlayRows.LearnersOf(courseKey) is { } learners
            ? Task.FromResult<IReadOnlyList<KnownCompletion>>([.. learners.Select(k => new KnownCompletion(k, CompletionStatus.Completed, PlayRows.Start))])
            : courseKey.All(char.IsAsciiDigit) ? Task.FromResult<IReadOnlyList<KnownCompletion>>([])
            : throw new InvalidOperationException("A page asked for all that is known of a course.");

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<KnownCompletion>>([.. naturalKeys.Select(k => new KnownCompletion(k, CompletionStatus.Completed, null))]);
    }

    private sealed class NothingKnown : IKnownCompletions
    {
        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>([]);

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => OfCourseAsync("", ct);
    }
}
