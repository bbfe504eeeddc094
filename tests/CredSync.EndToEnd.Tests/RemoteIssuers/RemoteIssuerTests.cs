using CredSync.EndToEnd.Tests.Commands;
using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox;
using CredSync.Sandbox.Faults;

namespace CredSync.EndToEnd.Tests.RemoteIssuers;

/// <summary>The shipped rules with each other remote issuer: a real worker, a play Moodle and a play issuer, over real HTTP; from the completion to the outcome. Credly has tests of its own.</summary>
public sealed class RemoteIssuerTests : CommandSuite
{
    private static readonly string[] Definitions = ["data-foundations", "first-aider", "people-leader", "safety-basics"];

    [Theory, InlineData("accredible"), InlineData("badgr"), InlineData("ob-api"), InlineData("vc-api")]
    public async Task Every_expected_badge_is_there_exactly_once_whatever_goes_wrong(string adapter)
    {
        RemoteStage stage = RemoteStage.Create(adapter);
        await using SandboxServer server = await SandboxServer.StartAsync([stage.Platform], null, Ct);
        await ConfigureAsync(adapter, stage);
        Script.PlayAll();
        FaultKnobs faults = stage.Platform.Faults;

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
        if (stage.Find is { } find)
        {
            faults.Add(new PlayFault { Kind = PlayFaultKind.Unavailable, Operation = find, Count = 1 });
        }

        IReadOnlyList<ExpectedBadge> expected = ExpectedBadges.Of(Script.Expected(), TimeProvider.System.GetUtcNow());
        await using (WorkerProcess worker = Start("run"))
        {
            await UntilAsync(() => Task.FromResult(stage.Minted() >= expected.Count), $"{expected.Count} badges", () => $"{stage.Minted()}\n{worker.Error}");
            await UntilAsync(async () => await OpenAsync() == 0, "nothing under way", () => worker.Error);
            (await worker.StopAsync(Ct)).ShouldBe(0, worker.Error);
            Script.World.Users.ShouldAllBe(u => !worker.Error.Contains(u.Email, StringComparison.OrdinalIgnoreCase));
        }

        stage.Minted().ShouldBe(expected.Count);
        stage.Found(Script.World, Path.Combine(Data, "badges")).Distinct()
            .ShouldBe(expected.Select(e => stage.WholeDays ? e with { EarnedAt = new DateTimeOffset(e.EarnedAt.UtcDateTime.Date, TimeSpan.Zero) } : e), ignoreOrder: true);
    }

    private async Task ConfigureAsync(string adapter, RemoteStage stage)
    {
        int secrets = 0;
        string settings = stage.Settings(stage.Platform.Address, value =>
        {
            string file = Path.Combine(Folder, $"secret-{++secrets}");
            File.WriteAllText(file, value);
            return $"file:{file}";
        });
        await File.WriteAllTextAsync(Path.Combine(Config, "issuers", "remote.yaml"), $"issuer: remote\nadapter: {adapter}\n{settings}\n", Ct);
        foreach (string definition in Definitions)
        {
            stage.SetTemplate("t-" + definition);
            string template = adapter is "ob-api" or "vc-api" ? "" : $", template: t-{definition}";
            Edit($"credentials/{definition}.yaml", "\nearn:", $"\nissue: {{ by: remote{template} }}\nearn:");
        }
    }

    private async Task<int> OpenAsync()
    {
        (int code, string output, string error) = await RunAsync("status", "--format", "json");
        code.ShouldBe(0, error);
        return Json(output).GetProperty("issuances").EnumerateArray().Where(i => i.GetProperty("state").GetString() != "issued").Sum(i => i.GetProperty("count").GetInt32());
    }
}
