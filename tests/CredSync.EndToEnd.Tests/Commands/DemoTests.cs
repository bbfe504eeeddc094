using System.Text.Json;

namespace CredSync.EndToEnd.Tests.Commands;

/// <summary>What the README promises of the demo.</summary>
public sealed class DemoTests : CommandSuite
{
    [Fact]
    public async Task The_demo_verifies_every_badge_and_the_same_seed_gives_the_same_badges()
    {
        JsonElement first = await DemoAsync("one", 7);
        // Without a configuration: the example that comes with the program is shown.
        JsonElement again = await DemoAsync("two", 7, []);
        JsonElement other = await DemoAsync("three", 8);
        again.GetProperty("fingerprint").GetString().ShouldBe(first.GetProperty("fingerprint").GetString());
        other.GetProperty("fingerprint").GetString().ShouldNotBe(first.GetProperty("fingerprint").GetString());
        int badges = Directory.EnumerateFiles(Path.Combine(Folder, "one", "badges"), "*.json", SearchOption.AllDirectories).Count();
        badges.ShouldBe(first.GetProperty("verified").GetInt32());
        badges.ShouldBeGreaterThan(20);
        first.GetProperty("story").GetProperty("steps").GetArrayLength().ShouldBe(8);
    }

    [Fact]
    public async Task A_folder_that_no_demo_made_is_not_emptied()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "mine"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "mine", "thesis.txt"), "years of work", Ct);
        (int code, _, string error) = await WorkerProcess.RunAsync(["demo", "--config", Config, "--out", "mine"], Ct, folder: Folder);
        code.ShouldBe(2);
        error.ShouldContain("name another with --out");
        File.Exists(Path.Combine(Folder, "mine", "thesis.txt")).ShouldBeTrue();
    }

    private Task<JsonElement> DemoAsync(string folder, int seed) => DemoAsync(folder, seed, ["--config", Config]);

    private async Task<JsonElement> DemoAsync(string folder, int seed, string[] config)
    {
        (int code, string output, string error) = await WorkerProcess.RunAsync(["demo", .. config, "--seed", $"{seed}", "--out", folder, "--format", "json"], Ct, folder: Folder);
        code.ShouldBe(0, output + error);
        JsonElement result = Json(output);
        result.GetProperty("good").GetBoolean().ShouldBeTrue();
        return result;
    }
}
