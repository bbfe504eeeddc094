using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Sources;

namespace CredSync.Host.Tests.Ledger;

// Several workers at once: what they write together is what one alone would have written.
public abstract partial class LedgerSuite
{
    private static readonly string[] Platforms = ["s", "t", "u"];

    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(3, 7, 4)]
    [InlineData(3, 2, 5)]
    public async Task How_many_workers_read_in_which_order_and_in_what_pages_does_not_change_the_ledger(int workers, int pageSize, int seed)
    {
        // Each person's facts lie on all three platforms, so that workers meet over the same people.
        Configuration configuration = Rules(
            Course("all", "C-s", "C-t", "C-u"), Course("two", "C-s", "C-t"), Course("one", "C-u"),
            Course("stack", "C-s") with { Earn = new AllRule([new CourseRule { Key = "C-t" }, new CredentialRule("one")]) });
        string[] people = [.. Enumerable.Range(0, 12).Select(i => $"p{i}")];
        Completion[] facts =
        [
            .. from platform in Platforms from person in people where (person[^1] + platform[0]) % 5 != 0
               select Fact(person, $"C-{platform}") with { Key = new CompletionKey(platform, person), CompletedAt = Start.AddHours(-person[^1] - platform[0]) },
        ];

        ILedger alone = await OpenAsync();
        await ReadAsync(alone, configuration, facts, workers: 1, pageSize: facts.Length);
        string[] expected = await EverythingAsync(alone);
        expected.Count(l => l.StartsWith("all", StringComparison.Ordinal)).ShouldBeGreaterThan(2);

        var dice = new Random(seed);
        dice.Shuffle(facts);
        ILedger together = await OpenAsync();
        await ReadAsync(together, configuration, facts, workers, pageSize);
        (await EverythingAsync(together)).ShouldBe(expected);
    }

    // Each worker takes the platforms that nobody holds, one after the other, as pollers do.
    private async Task ReadAsync(ILedger ledger, Configuration configuration, Completion[] facts, int workers, int pageSize)
    {
        await ledger.EnsureSourcesAsync(Platforms, Ct);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(
            async () =>
            {
                CompletionIntake intake = Intake(ledger);
                foreach (string platform in Platforms.Where((_, place) => place % workers == worker))
                {
                    RunLease run = (await ledger.TryBeginRunAsync(platform, new LeaseOwner("machine", worker, 1), Lease, Ct))!;
                    int page = 0;
                    foreach (Completion[] completions in facts.Where(f => f.Key.Source == platform).Chunk(pageSize))
                    {
                        await intake.TakeAsync(run, new SourcePage { Completions = completions, Next = new Cursor($"{++page}") }, configuration, Ct);
                    }

                    await ledger.EndRunAsync(run, new RunEnd(), Ct);
                }
            },
            Ct)));
    }
}
