using CredSync.EndToEnd.Tests.Commands;
using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox;
using CredSync.Sandbox.Credly;
using CredSync.Sandbox.Faults;

namespace CredSync.EndToEnd.Tests.RemoteIssuers;

/// <summary>The shipped rules with Credly as the issuer: a real worker, a play Moodle and a play Credly, over real HTTP.</summary>
public sealed class CredlyTests : CommandSuite
{
    private static readonly string[] Definitions = ["data-foundations", "first-aider", "people-leader", "safety-basics"];

    private readonly CredlyWorld world = new();

    [Fact]
    public async Task Every_expected_badge_is_at_credly_exactly_once_whatever_goes_wrong()
    {
        await using SandboxServer credly = await StartCredlyAsync();
        Script.PlayAll();
        FaultKnobs faults = credly.Platforms[0].Faults;

        // First of all: a mint that is carried out and not answered, and a worker that is killed while it waits.
        ActiveFault silent = faults.Add(new PlayFault { Kind = PlayFaultKind.SilentAfterEffect, Operation = "issue", Count = 1 });
        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(() => Task.FromResult(silent.Hits > 0 || worker.HasExited), "a mint", () => worker.Error);
            worker.HasExited.ShouldBeFalse(worker.Error);
            await worker.KillAsync();
        }

        faults.Clear();
        faults.Add(new PlayFault { Kind = PlayFaultKind.ErrorAfterEffect, Operation = "issue", Count = 4 });
        faults.Add(new PlayFault { Kind = PlayFaultKind.CutMidAnswer, Operation = "issue", Count = 4, Skip = 2 });
        faults.Add(new PlayFault { Kind = PlayFaultKind.TooManyRequests, Operation = "issue", Count = 4, Skip = 3, RetryAfter = TimeSpan.FromSeconds(1) });
        faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable, Operation = "find", Count = 1 });
        IReadOnlyList<ExpectedBadge> expected = ExpectedBadges.Of(Script.Expected(), TimeProvider.System.GetUtcNow());
        expected.Count.ShouldBeGreaterThan(20);
        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(() => Task.FromResult(world.Badges.Count >= expected.Count), $"{expected.Count} badges at Credly", () => $"{world.Badges.Count}\n{worker.Error}");
            await UntilAsync(async () => await OpenAsync() == 0, "nothing under way", () => worker.Error);
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
            Script.World.Users.ShouldAllBe(u => !worker.Error.Contains(u.Email, StringComparison.OrdinalIgnoreCase));
        }

        Found().ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task Check_covers_token_templates_and_clock()
    {
        await using SandboxServer credly = await StartCredlyAsync();
        world.SetTemplate("t-first-aider", "archived");
        (int code, string output, string error) = await RunAsync("check", "credly-main", "--format", "json");
        code.ShouldBe(3, output + error);
        Dictionary<string, string> checks = Json(output)[0].GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("outcome").GetString()!);
        checks["token"].ShouldBe("passed");
        checks["clock"].ShouldBe("passed");
        checks["token expiry"].ShouldBe("passed");
        checks["template t-safety-basics"].ShouldBe("passed");
        checks["template t-first-aider"].ShouldBe("failed");
    }

    private async Task<SandboxServer> StartCredlyAsync()
    {
        SandboxServer credly = await SandboxServer.StartAsync([new CredlyPlatform(world)], null, Ct);
        string secret = Path.Combine(Folder, "credly-token");
        await File.WriteAllTextAsync(secret, world.Token, Ct);
        await File.WriteAllTextAsync(
            Path.Combine(Config, "issuers", "credly-main.yaml"),
            $"""
            issuer: credly-main
            adapter: credly
            organization: {world.Organization}
            token: file:{secret}
            token_expires: 2099-12-31
            address: {credly.Platforms[0].Address}v1
            calls_per_minute: 3000
            """,
            Ct);
        foreach (string definition in Definitions)
        {
            world.SetTemplate("t-" + definition);
            Edit($"credentials/{definition}.yaml", "\nearn:", $"\nissue: {{ by: credly-main, template: t-{definition} }}\nearn:");
        }

        return credly;
    }

    private IEnumerable<ExpectedBadge> Found() => world.Badges.Select(b => new ExpectedBadge(b.Template[2..], Script.World.Users.Single(u => string.Equals(u.Email, b.Email, StringComparison.OrdinalIgnoreCase)).IdNumber, b.IssuedAt));

    private async Task<int> OpenAsync()
    {
        (int code, string output, string error) = await RunAsync("status", "--format", "json");
        code.ShouldBe(0, error);
        return Json(output).GetProperty("issuances").EnumerateArray().Where(i => i.GetProperty("state").GetString() != "issued").Sum(i => i.GetProperty("count").GetInt32());
    }
}
