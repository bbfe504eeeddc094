using System.Text.Json;
using CredSync.EndToEnd.Tests.Commands;

namespace CredSync.EndToEnd.Tests.People;

/// <summary>People known by the directory, merged and told apart, with real processes.</summary>
public sealed class PeopleTests : CommandSuite
{
    [Fact]
    public async Task Two_people_are_made_one_after_a_preview_and_two_again_as_they_were()
    {
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        string[] before = [await StandAsync("NW-1001"), await StandAsync("NW-1002")];
        string first = Subject(await JsonAsync("people show", "NW-1001")), second = Subject(await JsonAsync("people show", "NW-1002"));
        first.ShouldNotBe(second);

        int revocable = await RevocableAsync("NW-1001") + await RevocableAsync("NW-1002");
        revocable.ShouldBeGreaterThan(1);

        (await RunAsync("people merge", "NW-1001", "NW-1002")).Code.ShouldBe(2);
        JsonElement merged = await JsonAsync("people merge", "NW-1001", "NW-1002", "--why", "married", "--as", "ada", "--yes");
        merged.GetProperty("changed").GetBoolean().ShouldBeTrue();
        JsonElement one = await JsonAsync("people show", "NW-1001");
        (Subject(one), one.GetProperty("members").GetArrayLength(), one.GetProperty("acts")[0].GetProperty("who").GetString()).ShouldBe((second, 2, $"ada (said by {Environment.UserName})"));
        (await JsonAsync("people ls")).GetProperty("merges").GetArrayLength().ShouldBe(1);
        (await RunAsync("people merge", "NW-1001", "NW-1002", "--why", "again")).Code.ShouldBe(2);
        (await RunAsync("sync")).Code.ShouldBe(0);
        (await RevocableAsync("NW-1001")).ShouldBe(revocable);
        (await RevocableAsync("NW-1002")).ShouldBe(revocable);

        (await RunAsync("people unmerge", "NW-1002", "--why", "two after all")).Code.ShouldBe(0);
        new[] { await StandAsync("NW-1001"), await StandAsync("NW-1002") }.ShouldBe(before);
        (await RunAsync("people unmerge", "NW-1002", "--why", "again")).Code.ShouldBe(2);
        (await RunAsync("plan")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_directory_that_names_people_releases_what_was_held_and_its_mistakes_are_told_by_line()
    {
        Edit("people.yaml", "unknown: create", "unknown: hold\ndirectory: { file: people.csv, id: number, identifiers: [{ column: mail, kind: email }], preferred_name: name }");
        (int code, string output, string error) = await RunAsync("lint");
        (code, output + error).ShouldSatisfyAllConditions(r => r.code.ShouldBe(1), r => r.Item2.ShouldContain("CFG022"));
        string people = Path.Combine(Config, "people.csv");
        await File.WriteAllTextAsync(people, "number,mail,name\n", Ct);
        Script.PlayAll();
        (await RunAsync("sync")).Code.ShouldBe(0);
        int held = (await JsonAsync("holds ls", "--cause", "person-unknown", "--limit", "1000")).GetProperty("completions").GetArrayLength();
        held.ShouldBeGreaterThan(0);

        await File.WriteAllTextAsync(people, "number,mail,name\nNW-1001,ada at northwind,Ada\nNW-1002,,Ben the Directory\n", Ct);
        (code, output, error) = await RunAsync("lint");
        (code, output + error).ShouldSatisfyAllConditions(r => r.code.ShouldBe(1), r => r.Item2.ShouldContain("people.csv:2:9"), r => r.Item2.ShouldNotContain("ada at northwind"));
        await File.WriteAllTextAsync(people, "number,mail,name\nNW-1001,,Ada the Directory\nNW-1002,,Ben the Directory\n", Ct);
        (code, output, error) = await RunAsync("sync");
        code.ShouldBe(0, output + error);
        (await JsonAsync("holds ls", "--cause", "person-unknown", "--limit", "1000")).GetProperty("completions").GetArrayLength().ShouldBeLessThan(held);
        Subject(await JsonAsync("people show", "NW-1001")).ShouldNotBeEmpty();
        (await RunAsync("lint", "--online")).Output.ShouldNotContain("RUL021");
        Edit("credentials/safety-basics.yaml", "key: SAFETY-101", "key: SAFETY-1O1");
        (await RunAsync("lint", "--online")).Output.ShouldContain("RUL021");
    }

    private static string Subject(JsonElement person) => person.GetProperty("subject").GetString()!;

    private async Task<int> RevocableAsync(string person) =>
        (await JsonAsync("revoke", "--person", person, "--reason", "Issued in error.", "--as", "ada")).GetProperty("credentials").GetArrayLength();

    // What a person has: credentials with their states, and how many completions.
    private async Task<string> StandAsync(string person)
    {
        JsonElement shown = await JsonAsync("people show", person);
        return $"{Subject(shown)} {shown.GetProperty("members").GetRawText()}";
    }

    private async Task<JsonElement> JsonAsync(string verb, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(verb, [.. arguments, "--format", "json"]);
        code.ShouldBe(0, output + error);
        return Json(output);
    }
}
