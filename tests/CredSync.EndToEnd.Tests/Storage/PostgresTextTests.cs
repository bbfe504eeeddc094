using System.Text.Json;
using CredSync.Host.Storage;

namespace CredSync.EndToEnd.Tests.Storage;

public sealed class PostgresTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Zoë 完了 😀", "Zoë 完了 😀")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void Text_keeps_everything_that_can_be_stored(string text, string stored) => PostgresText.Safe(text).ShouldBe(stored);

    // Half a pair cannot travel as a test's argument.
    [Fact]
    public void Half_a_pair_is_replaced_and_a_whole_one_is_kept()
    {
        PostgresText.Safe("half \ud83d pair").ShouldBe("half \uFFFD pair");
        PostgresText.Safe("\ude00\ud83d").ShouldBe("\uFFFD\uFFFD");
        PostgresText.Safe("\ud83d\ud83d\ude00").ShouldBe("\uFFFD😀");
    }

    [Theory]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("\\u0000", "\\u0000")]
    [InlineData("\\\0", "\\\uFFFD")]
    [InlineData("\"\0\"", "\"\uFFFD\"")]
    public void Json_loses_only_the_escape_that_cannot_be_stored(string text, string stored) =>
        JsonSerializer.Deserialize<string>(PostgresText.SafeJson(JsonSerializer.Serialize(text))!).ShouldBe(stored);
}
