using System.Globalization;
using System.Text.Json;
using CredSync.EndToEnd.Tests.Crash;

namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>
/// Nothing lost and nothing twice while everything that can fail fails: workers, broker, database, the lines between them, deliveries, and an issuer that mints and does
/// not answer. <c>CREDSYNC_FAULTS</c> sets how many faults (default 300), <c>CREDSYNC_FAULT_SEED</c> repeats a script. What must be there in the end is worked out from the
/// play platform's script by hand-written queries; nothing of the code under test is used for it. docs/reliability.md tells the whole.
/// </summary>
public sealed class FaultTests
{
    /// <summary>The credential that the press mints.</summary>
    public const string PressDefinition = "safety-basics";

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_fails_every_expected_credential_exists_exactly_once_in_the_end()
    {
        int wanted = Setting("CREDSYNC_FAULTS", 300), seed = Setting("CREDSYNC_FAULT_SEED", 20261123);
        // A longer run tells of a larger company, so that something is always under way when a fault strikes.
        await using FaultyPlant plant = await FaultyPlant.StartAsync(seed, Math.Clamp(wanted / 40, 24, 240), Ct);
        Dictionary<string, int> injected = await InjectAsync(plant, wanted, new Random(seed));

        long quiet = Time.GetTimestamp();
        plant.Script.PlayAll();
        IReadOnlyList<ExpectedBadge> expected = ExpectedBadges.Of(plant.Script.Expected(), Time.GetUtcNow());
        expected.Count.ShouldBeGreaterThan(20);
        await UntilAsync(plant, async () => await plant.CountAsync("SELECT count(*) FROM credsync.completions") >= plant.Script.Expected().Count, "every completion");
        await UntilAsync(
            plant,
            async () => await plant.CountAsync("SELECT count(*) FROM credsync.issuances WHERE state = 'Issued'") >= expected.Count && await plant.CountAsync("SELECT count(*) FROM credsync.issuances WHERE state <> 'Issued'") == 0,
            $"{expected.Count} issued credentials and nothing else");
        TimeSpan settled = Time.GetElapsedTime(quiet);

        (await plant.StopWorkersAsync(Ct)).ShouldAllBe(code => code == 0);
        await CheckAsync(plant, expected);
        plant.Defects.ShouldBeEmpty();
        injected["an issuer that minted and did not answer in time"] = plant.Press.Late;
        Report(injected, seed, plant, expected.Count, settled);
    }

    private static async Task<Dictionary<string, int>> InjectAsync(FaultyPlant plant, int wanted, Random dice)
    {
        var faults = new FaultDice(plant, dice);
        Advance(plant, 0.3);
        await UntilAsync(plant, async () => await plant.CountAsync("SELECT count(*) FROM credsync.issuances") > 0, "the first issuance");
        while (faults.Total < wanted)
        {
            // The story goes on while everything fails; its last step is played before the last fault.
            Advance(plant, (faults.Total + 1.0) / wanted);
            await faults.NextAsync(Ct);
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(250)), Time, Ct);
        }

        return faults.Counts;
    }

    private static void Advance(FaultyPlant plant, double fraction)
    {
        while (plant.Script.Position < plant.Script.Timeline.Count * fraction)
        {
            plant.Script.PlayNext();
        }
    }

    private static async Task CheckAsync(FaultyPlant plant, IReadOnlyList<ExpectedBadge> expected)
    {
        // Minted by the press: once each, however often it was asked.
        plant.Press.Twice.ShouldBeEmpty(plant.Log);
        plant.Press.Badges(plant.Script.World).ShouldBe(expected.Where(e => e.Definition == PressDefinition), ignoreOrder: true);

        // Minted by the built-in issuer: read from the stored documents as a stranger would.
        List<(string Definition, byte[] Content)> stored = await plant.RowsAsync<(string, byte[])>(
            "SELECT i.definition, d.content FROM credsync_issue.credential_documents AS d JOIN credsync.issuances AS i USING (issuance_id) WHERE d.extension = 'json'");
        stored.Select(s => FoundBadges.Read(s.Definition, s.Content, plant.Script.World)).ShouldBe(expected.Where(e => e.Definition != PressDefinition), ignoreOrder: true);
        stored.Select(s => JsonDocument.Parse(s.Content).RootElement.GetProperty("id").GetString()).ShouldBeUnique();

        // Every completion is accounted for, nothing is left open or in doubt.
        (await plant.CountAsync("SELECT count(*) FROM credsync.issuances")).ShouldBe(expected.Count);
        (await plant.CountAsync("SELECT count(*) FROM credsync.completions")).ShouldBe(plant.Script.Expected().Count);
        (await plant.CountAsync("SELECT count(*) FROM credsync.completions WHERE subject_id IS NULL OR hold_cause IS NOT NULL")).ShouldBe(0);
        (await plant.CountAsync("SELECT count(*) FROM credsync_issue.issue_journal")).ShouldBe(expected.Count);
        (await plant.CountAsync("SELECT count(*) FROM credsync_issue.issue_journal WHERE state <> 'Finished'")).ShouldBe(0);
    }

    private static void Report(Dictionary<string, int> injected, int seed, FaultyPlant plant, int credentials, TimeSpan settled)
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{injected.Values.Sum()} faults, seed {seed}; {plant.Starts} starts of workers; {credentials} credentials, each exactly once; settled {settled.TotalSeconds:0} s after the last fault");
        foreach ((string kind, int count) in injected.OrderByDescending(k => k.Value))
        {
            output.WriteLine($"{count,6} {kind}");
        }
    }

    private static async Task UntilAsync(FaultyPlant plant, Func<Task<bool>> condition, string what)
    {
        long start = Time.GetTimestamp();
        while (!await condition())
        {
            (Time.GetElapsedTime(start) < Patience).ShouldBeTrue($"waited in vain for {what}\n{plant.Log}");
            plant.Defects.ShouldBeEmpty();
            await Task.Delay(TimeSpan.FromMilliseconds(200), Time, Ct);
        }
    }

    private static int Setting(string name, int usual) => int.Parse(Environment.GetEnvironmentVariable(name) ?? usual.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
