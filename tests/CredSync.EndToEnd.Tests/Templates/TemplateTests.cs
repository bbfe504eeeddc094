using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.Sandbox;
using CredSync.Sandbox.Example;

namespace CredSync.EndToEnd.Tests.Templates;

/// <summary>What <c>dotnet new credsync-source</c> and <c>credsync-issuer</c> create builds, passes the kit, and runs both ways against a play service.</summary>
public sealed class TemplateTests(CreatedProjects created) : IClassFixture<CreatedProjects>
{
    private const string Executable = "executable";
    private const string PlugIn = "plug-in";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Lighthouse")]
    [InlineData("Goldsmith")]
    public async Task What_is_created_builds_without_a_warning_keeps_no_word_of_the_template_and_passes_the_kit(string name)
    {
        string project = name == "Lighthouse" ? created.Source : created.Issuer;
        created.Builds[project].ShouldContain("0 Warning(s)");
        foreach (string file in Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)))
        {
            file[project.Length..].ShouldNotContain("acme", Case.Insensitive);
            (await File.ReadAllTextAsync(file, Ct)).ShouldNotContain("acme", Case.Insensitive, file);
        }

        (int code, string output) = await DotNet.RunAsync(project, Environment(null), Ct, CreatedProjects.Built(project, $"tests/{name}.Tests"), "-noColor", "-noLogo");
        code.ShouldBe(0, output);
        int.Parse(Regex.Match(output, @"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0").Groups[1].Value, CultureInfo.InvariantCulture).ShouldBeGreaterThan(20, output);
    }

    [Theory]
    [InlineData(Executable)]
    [InlineData(PlugIn)]
    public async Task The_source_reads_a_play_service_and_what_it_read_is_issued(string how)
    {
        var world = new ExampleWorld { LargestPage = 2 };
        for (int day = 1; day <= 5; day++)
        {
            world.Complete($"NW-100{day}", "SAFETY-101", new DateTimeOffset(2026, 1, day, 9, 0, 0, TimeSpan.Zero), 0.8, "Safety at work");
        }

        await using SandboxServer server = await SandboxServer.StartAsync([new ExamplePlatform(world)], null, Ct);
        string data = Path.Combine(created.Source, "data-" + how);
        (int code, string output) = await CredSyncAsync(created.Source, how, server, world, ["check", "lighthouse", "--data", data, "--format", "json"]);
        code.ShouldBe(0, output);
        (code, output) = await CredSyncAsync(created.Source, how, server, world, ["sync", "lighthouse", "--data", data, "--format", "json"]);
        code.ShouldBe(0, output);
        JsonElement counts = Json(output)[0].GetProperty("counts");
        (counts.GetProperty("new").GetInt32(), counts.GetProperty("planned").GetInt32()).ShouldBe((5, 5), output);
        Directory.EnumerateFiles(Path.Combine(data, "badges"), "*.json", SearchOption.AllDirectories).Count().ShouldBe(5);

        world.Complete("NW-1006", "SAFETY-101", new DateTimeOffset(2026, 1, 6, 9, 0, 0, TimeSpan.Zero));
        (code, output) = await CredSyncAsync(created.Source, how, server, world, ["sync", "lighthouse", "--data", data, "--format", "json"]);
        code.ShouldBe(0, output);
        Json(output)[0].GetProperty("counts").GetProperty("read").GetInt32().ShouldBe(1, "it goes on from its cursor");
    }

    [Theory]
    [InlineData(Executable)]
    [InlineData(PlugIn)]
    public async Task The_issuer_awards_at_a_play_service_once(string how)
    {
        var world = new ExampleWorld();
        await using SandboxServer server = await SandboxServer.StartAsync([new ExamplePlatform(world)], null, Ct);
        string data = Path.Combine(created.Issuer, "data-" + how);
        for (int time = 1; time <= 2; time++)
        {
            (int code, string output) = await CredSyncAsync(created.Issuer, how, server, world, ["sync", "--data", data, "--format", "json"]);
            code.ShouldBe(0, output);
        }

        world.Badges.Select(b => DateTimeOffset.Parse(b.EarnedAt, CultureInfo.InvariantCulture).Day).Order().ShouldBe([9, 10, 11]);
        world.Badges.ShouldAllBe(b => b.Title == "Safety Basics");
    }

    [Fact]
    public async Task The_stories_in_the_created_configurations_hold()
    {
        foreach ((string project, string name) in new[] { (created.Source, "Lighthouse"), (created.Issuer, "Goldsmith") })
        {
            (int code, string output) = await DotNet.RunAsync(project, Environment(null), Ct, [CreatedProjects.Built(project, $"src/{name}.Worker"), "lint", "--format", "json"]);
            code.ShouldBe(0, output);
            (code, output) = await DotNet.RunAsync(project, Environment(null), Ct, [CreatedProjects.Built(project, $"src/{name}.Worker"), "test"]);
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task Lint_knows_the_settings_of_a_plug_in()
    {
        string[] listed = ["--set", $"PlugIns:0={CreatedProjects.Built(created.Source, "src/Lighthouse")}"];
        (int code, string output, _) = await WorkerProcess.RunAsync(["lint", "--format", "json", .. listed], Ct, folder: created.Source);
        code.ShouldBe(0, output);
        string config = Path.Combine(created.Source, "config-wrong");
        CopyFolder(Path.Combine(created.Source, "config"), config);
        await File.AppendAllTextAsync(Path.Combine(config, "sources", "lighthouse.yaml"), "page_sise: 20\n", Ct);
        (code, output, _) = await WorkerProcess.RunAsync(["lint", "--config", config, "--format", "json", .. listed], Ct, folder: created.Source);
        code.ShouldBe(1);
        JsonElement finding = Json(output).GetProperty("findings")[0];
        (finding.GetProperty("file").GetString(), finding.GetProperty("line").GetInt32()).ShouldBe(("sources/lighthouse.yaml", 5));
        output.ShouldContain("page_size");

        (code, output, _) = await WorkerProcess.RunAsync(["lint", "--format", "json"], Ct, folder: created.Source);
        code.ShouldBe(1);
        output.ShouldContain("There is no adapter 'lighthouse' installed.");
    }

    [Fact]
    public async Task A_plug_in_that_brings_an_adapter_which_is_there_already_is_refused_with_a_sentence()
    {
        (int code, string output) = await DotNet.RunAsync(created.Source, Environment(null), Ct,
            [CreatedProjects.Built(created.Source, "src/Lighthouse.Worker"), "lint", "--set", $"PlugIns:0={CreatedProjects.Built(created.Source, "src/Lighthouse")}"]);
        code.ShouldBe(2, output);
        output.ShouldContain("The plug-in 'Lighthouse.dll' could not register its adapters: Two source adapters are called 'lighthouse'; rename one of them.");
    }

    private static Task<(int Code, string Output)> CredSyncAsync(string project, string how, SandboxServer server, ExampleWorld world, string[] command)
    {
        string name = Path.GetFileName(project);
        string kind = name == "Lighthouse" ? "sources" : "issuers";
        string[] set = ["--set", $"{kind}.{name.ToLowerInvariant()}.address={server.Platforms[0].Address.ToString().TrimEnd('/')}"];
        return DotNet.RunAsync(project, Environment(world), Ct, how == Executable
            ? [CreatedProjects.Built(project, $"src/{name}.Worker"), .. command, .. set]
            : [Path.Combine(AppContext.BaseDirectory, "credsync.dll"), .. command, .. set, "--set", $"PlugIns:0=../src/{name}/bin/Debug/net10.0/{name}.dll"]);
    }

    private static Dictionary<string, string> Environment(ExampleWorld? world) => new()
    {
        ["DOTNET_TieredPGO"] = "0",
        ["LIGHTHOUSE_TOKEN"] = world?.Token ?? "",
        ["GOLDSMITH_TOKEN"] = world?.Token ?? "",
    };

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The result among what a program wrote: remarks go to standard error, which is read with it.</summary>
    private static JsonElement Json(string text)
    {
        int from = text.IndexOfAny(['[', '{']);
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text[from..]));
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Clone();
    }
}
