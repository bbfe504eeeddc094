using CredSync.Adapters.Tests.Sources.Coursera;
using CredSync.Adapters.Tests.Sources.Edx;
using CredSync.Adapters.Tests.Sources.EdxBusiness;
using CredSync.Sources;
using CredSync.Sources.Coursera;

namespace CredSync.Adapters.Tests.Sources;

/// <summary>An adapter that compares rows with what is known asks for the rows of its page: a course may have been completed by a million people, and a page of reports mixes all courses.</summary>
public sealed class KnownOfAPageTests
{
    private const long Monday = 1_772_438_400_000;
    private const string Run = "course-v1:NorthX+DATA101+2026_T1";
    private readonly TestLedger ledger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_of_coursera_s_reports_is_compared_with_its_own_rows(bool perProgram)
    {
        using ScriptedCoursera coursera = new();
        CourseraOptions options = CourseraSourceTests.Options();
        options.PerProgram = perProgram;
        coursera.Rows.AddRange("abcdefg".Select(person => ScriptedCoursera.Row($"{person}", "c1", person == 'd' ? null : Monday)));
        await ReadTwiceAsync(coursera, "coursera", options, read: 6);
    }

    [Fact]
    public async Task A_page_of_coursera_s_gradebooks_is_compared_with_its_own_rows()
    {
        using ScriptedCoursera coursera = new();
        CourseraOptions options = CourseraSourceTests.Options();
        options.Programs = ["p1"];
        coursera.Books["p1"] = [.. "abcdefg".Select(person => ScriptedCoursera.Graded($"{person}", "c1", Monday, 90))];
        await ReadTwiceAsync(coursera, "coursera", options, read: 7);
    }

    [Fact]
    public async Task A_page_of_edx_for_business_is_compared_with_its_own_rows()
    {
        using ScriptedEdxBusiness edx = new();
        edx.Rows.AddRange(Enumerable.Range(1, 7).Select(id => ScriptedEdxBusiness.Row(id, id % 2 == 0 ? null : "2026-03-02")));
        await ReadTwiceAsync(edx, "edx-business", EdxBusinessSourceTests.Options(), read: 4);
    }

    [Fact]
    public async Task A_page_of_grades_is_compared_with_its_own_rows()
    {
        using ScriptedEdx edx = new();
        edx.Runs[Run] = [.. "abcdefg".Select(name => new EdxLearner($"{name}"))];
        await ReadTwiceAsync(edx, "edx", EdxSourceTests.Options(Run), read: 7);
    }

    private async Task ReadTwiceAsync(HttpMessageHandler platform, string adapter, object options, int read)
    {
        await using SourceBench bench = new(platform);
        ICompletionSource source = bench.Create(adapter, options);
        await ledger.ReadAsync(source, TestContext.Current.CancellationToken);
        await ledger.ReadAsync(source, TestContext.Current.CancellationToken);
        ledger.Completions.Count.ShouldBe(read);
        ledger.Unreadable.ShouldBeEmpty();

        // Pages have two rows.
        ledger.CoursesAsked.ShouldBe(0);
        ledger.MostKeysAsked.ShouldBeInRange(1, 2);
    }
}
