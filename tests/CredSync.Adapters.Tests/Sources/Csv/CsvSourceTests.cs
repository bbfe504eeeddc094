using System.Globalization;
using System.Text;
using CredSync.Completions;
using CredSync.Sources;
using CredSync.Sources.Csv;
using CsCheck;

namespace CredSync.Adapters.Tests.Sources.Csv;

public sealed class CsvSourceTests : IAsyncDisposable
{
    private const string Header = "external_id,course,completed_at,score\n";
    private readonly TestFolder folder = new();
    private readonly SourceBench bench = new();
    private readonly TestLedger ledger = new();
    private readonly CsvOptions options;

    public CsvSourceTests() => options = new CsvOptions { Path = folder.Path, Settle = TimeSpan.Zero, PageSize = 2 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICompletionSource Source => bench.Create("csv", options, "csv-hr");

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return bench.DisposeAsync();
    }

    [Fact]
    public async Task Files_of_a_folder_are_read_in_the_order_of_their_names()
    {
        folder.Write("b.csv", Header + "NW-2,SAFETY-101,2026-01-02,\n");
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,\n");
        folder.Write("notes.txt", "nothing to read here");
        await ledger.ReadAsync(Source, Ct);
        ledger.Yielded.Select(c => c.Key.NaturalKey).ShouldBe(["external_id:NW-1~SAFETY-101", "external_id:NW-2~SAFETY-101"]);
    }

    [Fact]
    public async Task Delivering_the_same_file_again_yields_nothing_and_not_even_a_page()
    {
        string path = folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,80\n");
        await ledger.ReadAsync(Source, Ct);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await ledger.ReadAsync(Source, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task An_address_that_serves_as_a_number_is_not_in_the_key()
    {
        folder.Write("a.csv", Header + "ada@example.org,SAFETY-101,2026-01-01,80\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Keys.ShouldHaveSingleItem().NaturalKey.ShouldNotContain("@");
    }

    [Fact]
    public async Task A_corrected_file_revises_what_it_said_under_the_same_keys()
    {
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,80\nNW-2,SAFETY-101,,80\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Reference.ShouldBe("a.csv line 3");
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,85\nNW-2,SAFETY-101,2026-01-01,80\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Count.ShouldBe(2);
        ledger.Completions[new("csv-hr", "external_id:NW-1~SAFETY-101")].Score!.Scaled.ShouldBe(0.85m);
    }

    [Fact]
    public async Task A_row_that_is_no_longer_there_withdraws_nothing()
    {
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,80\nNW-2,SAFETY-101,2026-01-01,80\n");
        await ledger.ReadAsync(Source, Ct);
        folder.Write("a.csv", Header + "NW-2,SAFETY-101,2026-01-01,80\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Yielded.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task Changed_options_read_the_files_again_because_they_may_mean_something_else()
    {
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,20\n");
        await ledger.ReadAsync(Source, Ct);
        options.ScoreMax = 40;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().Score!.Scaled.ShouldBe(0.5m);
    }

    [Fact]
    public async Task A_single_file_is_a_path_too()
    {
        options.Path = folder.Write("only.csv", Header + "NW-1,SAFETY-101,2026-01-01,\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_waits_until_it_is_left_alone()
    {
        InstantTime time = new();
        await using SourceBench timed = new(time: time);
        options.Settle = TimeSpan.FromSeconds(10);
        string path = folder.Write("a.csv", Header + "NW-1,STAT-1");
        File.SetLastWriteTimeUtc(path, time.Now.UtcDateTime.AddSeconds(-3));
        await ledger.ReadAsync(timed.Create("csv", options), Ct);
        ledger.Unreadable.ShouldBeEmpty();
        folder.Write("a.csv", Header + "NW-1,STAT-101,2026-01-01,\n");
        File.SetLastWriteTimeUtc(path, time.Now.UtcDateTime.AddSeconds(-11));
        await ledger.ReadAsync(timed.Create("csv", options), Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().Course.Key.ShouldBe("STAT-101");
    }

    [Fact]
    public async Task Headers_are_mapped_by_configuration_and_ignore_letter_case()
    {
        options.Columns = new Dictionary<string, string> { ["external_id"] = "Personnel No", ["course"] = "Course code", ["completed_at"] = "DATE" };
        options.DateFormat = "dd.MM.yyyy";
        folder.Write("a.csv", "personnel no;Course Code;Date;Remarks\r\nNW-1;SAFETY-101;31.01.2026;fine; \r\nNW-2;SAFETY-101;31.02.2026;x\r\nNW-3;SAFETY-101;01.02.2026;x\r\n");
        await ledger.ReadAsync(Source, Ct);
        Completion read = ledger.Completions.Values.ShouldHaveSingleItem();
        (read.Identifiers[0].Value, read.CompletedAt, read.CompletedAtPrecision).ShouldBe(("NW-3", new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), TimePrecision.Date));
        ledger.Unreadable.Select(r => r.Cause).ShouldBe(["row-malformed", "row-time-malformed"]);
    }

    [Theory]
    [InlineData("external_id,completed_at\nNW-1,2026-01-01\n", "file-header", "course")]
    [InlineData("course,completed_at\nSAFETY-101,2026-01-01\n", "file-header", "names a person")]
    [InlineData("external_id,course,course,completed_at\nNW-1,a,b,2026-01-01\n", "file-header", "more than one")]
    [InlineData("", "file-empty", "header row")]
    public async Task A_file_that_cannot_be_read_is_set_aside_and_the_others_go_on(string text, string cause, string says)
    {
        folder.Write("a.csv", text);
        folder.Write("b.csv", Header + "NW-2,SAFETY-101,2026-01-02,\n");
        await ledger.ReadAsync(Source, Ct);
        UnreadableRecord aside = ledger.Unreadable.ShouldHaveSingleItem();
        (aside.Reference, aside.Cause).ShouldBe(("a.csv", cause));
        aside.Sentence.ShouldContain(says);
        ledger.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rows_that_are_not_utf8_are_named_and_read_once_the_encoding_is_right()
    {
        folder.Write("a.csv", "external_id,name,course,completed_at\nNW-1,Jürgen,SAFETY-101,2026-01-01\n", Encoding.Latin1);
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().Sentence.ShouldContain("latin1");
        options.Encoding = CsvEncoding.Latin1;
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.Single().PersonName.ShouldBe("Jürgen");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Byte_order_marks_are_understood(bool wide)
    {
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,\n", wide ? Encoding.Unicode : new UTF8Encoding(true));
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Utf16_without_its_mark_is_named_and_not_taken_for_a_file_with_other_columns()
    {
        File.WriteAllBytes(Path.Combine(folder.Path, "a.csv"), Encoding.Unicode.GetBytes(Header + "NW-1,SAFETY-101,2026-01-01,\n"));
        await ledger.ReadAsync(Source, Ct);
        UnreadableRecord aside = ledger.Unreadable.ShouldHaveSingleItem();
        (aside.Cause, aside.Sentence).ShouldBe(("file-malformed", "a.csv is in UTF-16 without a byte-order mark, or is no text at all: save it as UTF-8."));
    }

    [Theory]
    [InlineData("01/02/2026 08:00")]
    [InlineData("1.2.2026 08:00:00")]
    [InlineData("Thu, 1 Jan 2026")]
    [InlineData("31/01/2026")]
    public async Task A_day_that_is_not_written_year_first_is_set_aside_and_not_read_in_the_American_order(string day)
    {
        folder.Write("a.csv", $"external_id;course;completed_at\nNW-1;SAFETY-101;{day}\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Cause.ShouldBe("row-time-malformed"), r => r.Sentence.ShouldContain("'date_format'"));
        ledger.Completions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Scores_with_decimal_commas_are_set_aside_until_it_is_said_that_they_are_commas()
    {
        folder.Write("a.csv", "external_id;course;completed_at;score;score_max\r\nNW-1;SAFETY-101;2026-01-01;92,5;\r\nNW-2;SAFETY-101;2026-01-01;18,5;20,0\r\nNW-3;SAFETY-101;2026-01-01;87,5 %;\r\nNW-4;SAFETY-101;2026-01-01;bestanden;\r\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.Select(r => (r.Reference, r.Cause)).ShouldBe([("a.csv line 2", "row-number-malformed"), ("a.csv line 3", "row-number-malformed"), ("a.csv line 4", "row-number-malformed")]);
        ledger.Unreadable[0].Sentence.ShouldBe("Line 2 of a.csv has a score with decimals that are not written with a point: correct it, or set the source's 'decimal'.");
        options.Decimal = CsvDecimal.Comma;
        ledger.Unreadable.Clear();
        await ledger.ReadAsync(Source, Ct);
        ledger.Unreadable.ShouldBeEmpty();
        ledger.Completions.Values.OrderBy(c => c.Key.NaturalKey).Select(c => c.Score?.Scaled).ShouldBe([0.925m, 0.925m, 0.875m, null]);
        ledger.Completions[new("csv-hr", "external_id:NW-4~SAFETY-101")].Score!.Text.ShouldBe("bestanden");
    }

    [Fact]
    public async Task A_quoted_field_may_hold_line_breaks_and_the_next_error_has_its_own_line()
    {
        folder.Write("a.csv", "external_id,course,completed_at,name\r\nNW-1,SAFETY-101,2026-01-01,\"Ada\r\nMoreno\"\r\nNW-2,SAFETY-101,someday,Bo\r\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.ShouldHaveSingleItem().PersonName.ShouldBe("Ada\r\nMoreno");
        ledger.Unreadable.ShouldHaveSingleItem().Reference.ShouldBe("a.csv line 4");
    }

    [Fact]
    public async Task A_file_that_comes_again_shortened_while_it_was_being_read_is_read_from_its_beginning()
    {
        folder.Write("a.csv", Header + string.Concat(Enumerable.Range(1, 6).Select(n => $"NW-{n},SAFETY-101,2026-01-01,80\n")));
        await ledger.ReadAsync(Source, Ct, pages: 2);
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,85\nNW-6,SAFETY-101,2026-01-01,90\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Values.OrderBy(c => c.Key.NaturalKey).Select(c => (c.Key.NaturalKey, c.Score!.Raw)).ShouldBe(
            [("external_id:NW-1~SAFETY-101", 85m), ("external_id:NW-2~SAFETY-101", 80m), ("external_id:NW-3~SAFETY-101", 80m), ("external_id:NW-4~SAFETY-101", 80m), ("external_id:NW-6~SAFETY-101", 90m)]);
        ledger.Completions.Values.ShouldAllBe(c => c.Status == CompletionStatus.Completed);
    }

    [Fact]
    public async Task An_email_address_is_the_same_person_in_any_letter_case()
    {
        folder.Write("a.csv", "email,course,completed_at\nAda@Example.org,SAFETY-101,2026-01-01\nada@example.ORG,SAFETY-101,2026-01-01\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Keys.ShouldHaveSingleItem().NaturalKey.ShouldNotContain("ada", Case.Insensitive, "keys are shown and logged");
    }

    [Fact]
    public async Task An_unclosed_quotation_is_told_with_its_line_and_the_rows_before_it_arrive()
    {
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,\nNW-2,\"SAFETY-101,2026-01-01,\nNW-3,SAFETY-101,2026-01-01,\n");
        await ledger.ReadAsync(Source, Ct);
        ledger.Completions.Count.ShouldBe(1);
        ledger.Unreadable.ShouldHaveSingleItem().Reference.ShouldBe("a.csv line 3");
    }

    [Fact]
    public async Task No_sentence_holds_what_a_row_says()
    {
        folder.Write("a.csv", "email,course,completed_at,status\nada.moreno@example.org,SAFETY-101,someday,strange-word\n");
        await ledger.ReadAsync(Source, Ct);
        string told = ledger.Unreadable.ShouldHaveSingleItem().ToString();
        foreach (string said in (string[])["ada.moreno", "someday", "strange-word"])
        {
            told.ShouldNotContain(said);
        }
    }

    [Fact]
    public async Task A_missing_path_is_misconfigured()
    {
        options.Path = Path.Combine(folder.Path, "missing");
        (await ledger.ReadFaultAsync(Source, Ct)).Kind.ShouldBe(FaultKind.Misconfigured);
    }

    [Theory]
    [InlineData("nonsense", "UTC", "auto")]
    [InlineData("course", "Nowhere/Land", "auto")]
    [InlineData("course", "UTC", "::")]
    public async Task Settings_that_mean_nothing_are_misconfigured(string field, string zone, string delimiter)
    {
        options.Columns = new Dictionary<string, string> { [field] = "course" };
        (options.TimeZone, options.Delimiter) = (zone, delimiter);
        folder.Write("a.csv", Header + "NW-1,SAFETY-101,2026-01-01,\n");
        (await ledger.ReadFaultAsync(Source, Ct)).Kind.ShouldBe(FaultKind.Misconfigured);
    }

    [Fact]
    public async Task The_check_tells_about_the_path_and_each_header()
    {
        folder.Write("a.csv", Header);
        folder.Write("b.csv", "who,what\n");
        IReadOnlyList<CheckResult> results = await ((ICheckable)Source).CheckAsync(Ct);
        results.Select(r => (r.Name, r.Outcome)).ShouldBe([("path", CheckOutcome.Passed), ("a.csv", CheckOutcome.Passed), ("b.csv", CheckOutcome.Failed)]);
    }

    [Fact]
    public async Task Killed_between_any_two_pages_while_files_come_and_change_everything_arrives() =>
        await Gen.Select(Gen.Int[0, 9].Array[1, 4], Gen.Int[1, 4], Gen.Int[1, 3].Array[1, 6]).SampleAsync(async (rows, size, kills) =>
        {
            using TestFolder own = new();
            TestLedger survivor = new();
            CsvOptions settings = new() { Path = own.Path, Settle = TimeSpan.Zero, PageSize = size };
            int written = 0;
            foreach (int kill in kills)
            {
                if (written < rows.Length)
                {
                    own.Write($"f{9 - written}.csv", Rows(written, rows[written]));
                    written++;
                }

                await survivor.ReadAsync(bench.Create("csv", settings), Ct, kill);
            }

            for (; written < rows.Length; written++)
            {
                own.Write($"f{9 - written}.csv", Rows(written, rows[written]));
            }

            await survivor.ReadAsync(bench.Create("csv", settings), Ct);
            survivor.Completions.Count.ShouldBe(rows.Sum());
        }, iter: 40, threads: 1);

    private static string Rows(int file, int count) =>
        Header + string.Concat(Enumerable.Range(0, count).Select(row => string.Create(CultureInfo.InvariantCulture, $"NW-{file}-{row},SAFETY-101,2026-01-01,\n")));
}
