using CredSync.Adapters.Tests.Sources;
using CredSync.Conformance;
using CredSync.Conformance.Sources;

using CredSync.Sources;
using CredSync.Sources.Csv;

namespace CredSync.Adapters.Tests.Conformance;

public sealed class CsvConformanceTests : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly SourceBench bench = new();

    public async ValueTask DisposeAsync()
    {
        folder.Dispose();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Csv_conforms()
    {
        folder.Write("a.csv", "external_id,course,completed_at\nNW-1,C,2026-01-01\nNW-2,C,2026-01-01T10:00:00+02:00\nNW-3,C,2026-01-03\n");
        folder.Write("b.csv", "email,course,completed_at\nx@example.org,C,2026-01-01\n");
        CsvOptions options = new() { Path = folder.Path, Settle = TimeSpan.Zero, PageSize = 2 };
        SourceUnderTest csv = new()
        {
            Name = "csv-hr",
            Create = _ => bench.Create("csv", options, "csv-hr"),
            Platform = () => new SocketsHttpHandler(),
            SpeaksHttp = false,
            Holds = ["external_id:NW-1~C", "external_id:NW-2~C", "external_id:NW-3~C", "email:" + EmailKey.Of("X@example.org") + "~C"],
            OptionsType = typeof(CsvOptions),
            OldCursors = ["""{"v":1,"print":"abcdefghijkl","row":2,"finished":0,"done":""}"""],
        };
        foreach (ConformanceCase conformance in SourceConformance.For(csv))
        {
            await conformance.RunAsync(TestContext.Current.CancellationToken);
        }
    }
}
