using System.Text.Json;
using CredSync.Sources;
using CredSync.Sources.Http;

namespace CredSync.Adapters.Tests.Sources.Http;

public sealed class TolerantTests
{
    [Theory]
    [InlineData("2026-01-31 20:28:10.976084+00:00", "2026-01-31T20:28:10.976084Z")]
    [InlineData("2026-01-31T20:28:10.123+0000", "2026-01-31T20:28:10.123Z")]
    [InlineData("2026-01-31T20:28:10.123+0230", "2026-01-31T17:58:10.123Z")]
    [InlineData("2026-02-17T00:00:00", "2026-02-17T00:00:00Z")]
    [InlineData("2026-02-17T00:00:00Z", "2026-02-17T00:00:00Z")]
    public void Times_in_every_spelling_are_read_and_without_an_offset_they_are_utc(string text, string expected) =>
        JsonSerializer.Deserialize<DateTimeOffset?>($"\"{text}\"", Tolerant.Json).ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("\"1970-01-01T00:00:00Z\"")]
    [InlineData("12")]
    public void What_is_no_completion_time_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>(json, Tolerant.Json));

    [Theory]
    [InlineData("03/04/2026 08:00:00")]
    [InlineData("3.4.2026 08:00")]
    [InlineData("12:30")]
    [InlineData("Friday, 3 April 2026")]
    [InlineData("2026/04/03 08:00")]
    [InlineData("20260403T080000Z")]
    public void A_day_that_is_not_written_year_first_is_not_guessed_at_in_the_American_order_or_completed_with_today(string text) =>
        Tolerant.TryInstant(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"soon\"")]
    [InlineData("12")]
    [InlineData("{\"at\":\"2026-01-01\"}")]
    public void A_date_that_may_be_missing_is_missing_when_it_cannot_be_read(string json) =>
        JsonSerializer.Deserialize<DateTimeOffset?>(json, Tolerant.Json).ShouldBeNull();

    [Fact]
    public void Seconds_and_milliseconds_taken_for_each_other_are_no_time()
    {
        Tolerant.FromMilliseconds(1_760_000_000).ShouldBeNull();
        Tolerant.FromSeconds(1_760_000_000_000).ShouldBeNull();
        Tolerant.FromSeconds(0).ShouldBeNull();
        Tolerant.FromSeconds(null).ShouldBeNull();
        Tolerant.FromSeconds(1_760_000_000).ShouldBe(Tolerant.FromMilliseconds(1_760_000_000_000));
    }

    [Theory]
    [InlineData("0.92", 0.92)]
    [InlineData("\"0.92\"", 0.92)]
    [InlineData("\"1e-2\"", 0.01)]
    [InlineData("93", 93)]
    public void Numbers_may_be_text(string json, double expected) =>
        JsonSerializer.Deserialize<decimal?>(json, Tolerant.Json).ShouldBe((decimal)expected);

    [Theory]
    [InlineData("60.00000")]
    [InlineData("\"60.0\"")]
    public void Zeros_at_the_end_of_a_number_do_not_make_another_number(string json) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<decimal>(json, Tolerant.Json)).ShouldBe("60");

    [Fact]
    public void A_decimal_comma_is_not_guessed_at() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<decimal?>("\"93,5\"", Tolerant.Json));

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("\"1\"", true)]
    [InlineData("0", false)]
    [InlineData("\"false\"", false)]
    public void Yes_and_no_come_in_several_forms(string json, bool expected) =>
        JsonSerializer.Deserialize<bool>(json, Tolerant.Json).ShouldBe(expected);

    [Fact]
    public void A_paging_cursor_that_comes_back_is_broken()
    {
        PagingGuard guard = new("Play (source 'one')");
        guard.Advance("a");
        guard.Advance("b");
        Should.Throw<SourceException>(() => guard.Advance("a")).Kind.ShouldBe(FaultKind.Broken);
    }
}
