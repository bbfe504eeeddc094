using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;

namespace CredSync.EndToEnd.Tests.Plans;

/// <summary>What waits for a person, and how it is settled, with real processes.</summary>
public sealed class HoldsTests : CommandSuite
{
    [Fact]
    public async Task Approvals_are_shown_before_many_are_settled_and_each_is_audited()
    {
        Edit("credentials/safety-basics.yaml", "earn:", "approval: { by: safety-officer }\n\nearn:");
        string text = await File.ReadAllTextAsync(Path.Combine(Config, "credentials", "safety-basics.yaml"), Ct);
        await File.WriteAllTextAsync(Path.Combine(Config, "credentials", "safety-basics.yaml"), text[..text.IndexOf("tests:", StringComparison.Ordinal)], Ct);
        Script.PlayAll();
        (int code, _, string error) = await RunAsync("sync");
        code.ShouldBe(0, error);
        JsonElement held = await JsonAsync("holds ls", "--cause", "approval");
        int count = held.GetProperty("counts").EnumerateArray().Single().GetProperty("count").GetInt32();
        count.ShouldBeGreaterThan(10);
        string first = held.GetProperty("issuances")[0].GetProperty("id").GetString()!;
        string second = held.GetProperty("issuances")[1].GetProperty("id").GetString()!;

        (await RunAsync("holds approve", first)).Code.ShouldBe(2);
        (code, string refusal, error) = await RunAsync("holds approve", first, "--why", "seen", "--earned", "2999-01-01");
        code.ShouldBe(4, error);
        refusal.ShouldContain("cannot have been earned after the ledger learnt of it");
        (await JsonAsync("holds approve", first, "--why", "seen", "--as", "ada")).GetProperty("done").GetInt32().ShouldBe(1);
        (await JsonAsync("holds reject", second, "--why", "a guest", "--as", "ada")).GetProperty("done").GetInt32().ShouldBe(1);
        (await RunAsync("holds approve", first, "--why", "again")).Code.ShouldBe(1);
        JsonElement preview = await JsonAsync("holds approve", "--cause", "approval", "--why", "board");
        (preview.GetProperty("changed").GetBoolean(), preview.GetProperty("would")[0].GetProperty("count").GetInt32()).ShouldBe((false, count - 2));
        (await JsonAsync("holds ls")).GetProperty("counts")[0].GetProperty("count").GetInt32().ShouldBe(count - 2);
        (await JsonAsync("holds approve", "--cause", "approval", "--why", "board", "--yes", "--as", "ben")).GetProperty("done").GetInt32().ShouldBe(count - 2);
        JsonElement[] acts = [.. (await JsonAsync("audit")).GetProperty("acts").EnumerateArray()];
        acts.Length.ShouldBe(count);
        JsonElement act = acts.Single(a => a.GetProperty("target").GetString() == second);
        (act.GetProperty("who").GetString(), act.GetProperty("verb").GetString(), act.GetProperty("why").GetString()).ShouldBe(($"ada (said by {Environment.UserName})", "reject", "a guest"));
        (await JsonAsync("audit", "--who", "ada")).GetProperty("acts").GetArrayLength().ShouldBe(2);
        (await RunAsync("holds approve", first, "--why", "seen", "--as", "ben (said by ada)")).Code.ShouldBe(2);

        (await RunAsync("sync")).Code.ShouldBe(0);
        JsonElement issued = (await JsonAsync("status")).GetProperty("issuances");
        issued.EnumerateArray().Single(i => i.GetProperty("definition").GetString() == "safety-basics" && i.GetProperty("state").GetString() == "issued").GetProperty("count").GetInt32().ShouldBe(count - 1);
    }

    [Fact]
    public async Task A_completion_of_somebody_unknown_is_given_to_a_person_by_hand_and_stays_there()
    {
        for (int i = 0; i < Script.Timeline.Count / 4; i++)
        {
            Script.PlayNext();
        }

        (await RunAsync("sync")).Code.ShouldBe(0);
        Edit("people.yaml", "unknown: create", "unknown: hold");
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        JsonElement waiting = (await JsonAsync("holds ls")).GetProperty("completions");
        waiting.GetArrayLength().ShouldBeGreaterThan(0);
        string key = waiting[0].GetProperty("key").GetString()!;
        (await JsonAsync("coverage")).GetProperty("withoutPerson").GetArrayLength().ShouldBeGreaterThan(0);

        (await RunAsync("holds match", key, "nobody@example.com", "--why", "guessed")).Code.ShouldBe(2);
        (int code, string output, string error) = await RunAsync("holds match", key, "NW-1001", "--why", "asked her", "--format", "json");
        code.ShouldBe(0, output + error);
        string subject = Json(output).GetProperty("subject").GetString()!;
        (await RunAsync("holds match", key, "NW-1001", "--why", "again")).Code.ShouldBe(1);
        (await RunAsync("sources rewind", "moodle-hr")).Code.ShouldBe(0);
        (await RunAsync("sync")).Code.ShouldBe(0);
        (await RunAsync("trace", key)).Output.ShouldContain($"matched to {subject}");
        (await JsonAsync("holds ls")).GetProperty("completions").EnumerateArray().ShouldAllBe(c => c.GetProperty("key").GetString() != key);
    }

    private async Task<JsonElement> JsonAsync(string verb, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(verb, [.. arguments, "--format", "json"]);
        code.ShouldBe(0, output + error);
        return Json(output);
    }
}
