using System.Text.Json;
using CredSync.Sources.HttpJson;

namespace CredSync.Adapters.Tests.Golden;

/// <summary>Records in the shapes of platforms that have no adapter of their own, read by settings alone; each file holds both.</summary>
public sealed class HttpJsonGoldenTests
{
    public static TheoryData<string> Cases => new(GoldenFiles.Cases("http-json"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_an_api_says_becomes_the_expected_completion_or_a_record_set_aside_or_nothing(string name)
    {
        using JsonDocument file = JsonDocument.Parse(GoldenFiles.Raw("http-json", name));
        JsonElement settings = file.RootElement.GetProperty("settings");
        var options = new HttpJsonOptions { Address = new Uri("https://api.example.org/completions"), Fields = Texts(settings, "fields"), CompletedWhen = Texts(settings, "completed_when") };
        if (settings.TryGetProperty("time_format", out JsonElement format))
        {
            options.TimeFormat = format.GetString() switch { "epoch-milliseconds" => HttpJsonTime.EpochMilliseconds, "epoch-seconds" => HttpJsonTime.EpochSeconds, _ => HttpJsonTime.Iso };
        }

        if (settings.TryGetProperty("score_max", out JsonElement max))
        {
            options.ScoreMax = max.GetDecimal();
        }

        options.Validate(new(options)).ShouldBeEmpty();
        (Completions.Completion? completion, CredSync.Sources.UnreadableRecord? unreadable) = new HttpJsonMapping("vendor", options).Map(file.RootElement.GetProperty("record"), "record 1");
        GoldenFiles.ShouldMatch("http-json", name, new { completion, unreadable });
    }

    private static Dictionary<string, string> Texts(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out JsonElement map) ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!) : [];
}
