using CredSync.Adapters.Tests.Sources;
using CredSync.Sources.Csv;
using CredSync.Sources;

namespace CredSync.Adapters.Tests.Golden;

public sealed class CsvGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("csv"));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_a_file_says_becomes_the_expected_completions(string name)
    {
        using TestFolder folder = new();
        folder.Write(name + ".csv", GoldenFiles.Raw("csv", name));
        await using SourceBench bench = new();
        ICompletionSource source = bench.Create("csv", new CsvOptions { Path = folder.Path, Settle = TimeSpan.Zero, TimeZone = "Europe/Berlin" }, "csv-hr");
        TestLedger ledger = new();
        await ledger.ReadAsync(source, TestContext.Current.CancellationToken);
        GoldenFiles.ShouldMatch("csv", name, new { Completions = ledger.Yielded, ledger.Unreadable });
    }
}
