using CredSync.Host.Intake;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Intake.Hooks;
using CredSync.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace CredSync.Host.Tests.Intake;

/// <summary>A reading from the very beginning says of itself that it is a backfill, so that rationed calls let others go first.</summary>
public sealed class BackfillTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_reading_and_one_after_a_rewind_are_backfills_and_others_are_not()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        var source = new Listening();
        var poller = new SourcePoller(
            world.Ledger, new CompletionIntake(world.Ledger, new RuleBookRecord(world.Ledger), world.Time), new SourceRegistry(new Dictionary<string, ICompletionSource> { ["play"] = source }),
            world.Active, LocalProcess.Self, world.Outbox, world.Time, NullLogger<SourcePoller>.Instance);
        for (int i = 0; i < 2; i++)
        {
            (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeTrue();
            (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeTrue();
            await world.Ledger.RewindAsync("play", Ct);
        }

        source.Heard.ShouldBe([true, true, false, false, true, true, false, false]);
        Backfill.IsUnderWay.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_left_of_a_reading_from_the_beginning_that_was_cut_short_is_a_backfill_still()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        var source = new Listening { FailsAfter = 1 };
        SourcePoller Poller() => new(
            world.Ledger, new CompletionIntake(world.Ledger, new RuleBookRecord(world.Ledger), world.Time), new SourceRegistry(new Dictionary<string, ICompletionSource> { ["play"] = source }),
            world.Active, LocalProcess.Self, world.Outbox, world.Time, NullLogger<SourcePoller>.Instance);

        // The first reading is cut short, and goes on in another process.
        (await Poller().PollAsync("play", null, Ct)).Succeeded.ShouldBeFalse();
        source.FailsAfter = int.MaxValue;
        SourcePoller poller = Poller();
        (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeTrue();
        source.Heard.ShouldBe([true, true, true]);

        // So is one after a rewind, which goes on in the same.
        await world.Ledger.RewindAsync("play", Ct);
        source.Heard.Clear();
        source.FailsAfter = 1;
        (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeFalse();
        source.FailsAfter = int.MaxValue;
        (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeTrue();
        (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBeTrue();
        source.Heard.ShouldBe([true, true, true, false, false]);
    }

    private sealed class Listening : ICompletionSource
    {
        private int pages;

        public List<bool> Heard { get; } = [];

        public int FailsAfter { get; set; } = int.MaxValue;

        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            for (int i = 0; i < 2; i++)
            {
                if (i == FailsAfter)
                {
                    throw new SourceException(FaultKind.Outage, "The play source is away: it is tried again later.");
                }

                await Task.Yield();
                Heard.Add(Backfill.IsUnderWay);
                yield return new SourcePage { Completions = [], Next = new Cursor($"{++pages}") };
            }
        }
    }
}
