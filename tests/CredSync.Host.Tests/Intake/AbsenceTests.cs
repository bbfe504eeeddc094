using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Tests.Intake.Hooks;
using CredSync.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace CredSync.Host.Tests.Intake;

/// <summary>Rule 5 of docs/sources.md: absence is weak evidence. What a whole reading does not show is told of, and is withdrawn only where the source's file says so, after a second look.</summary>
public sealed class AbsenceTests
{
    private const string Withdraw = "absence: withdraw";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rule_5_by_default_what_is_not_shown_any_more_is_told_of_once_and_stays()
    {
        using Reading reading = await Reading.OpenAsync("");
        for (int day = 4; day < 10; day++)
        {
            await reading.ReadAsync(TimeSpan.FromDays(1), without: "p3");
        }

        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
        SetAsideLine told = (await reading.SetAsideAsync()).ShouldHaveSingleItem();
        (told.Cause, told.Reference).ShouldBe(("completions-missing", "whole reading"));
        told.Sentence.ShouldContain("1 of the 10 completions");
    }

    [Fact]
    public async Task Rule_5_where_asked_for_it_is_withdrawn_once_two_whole_readings_a_day_apart_do_not_show_it_and_the_definition_says_what_follows()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        await reading.IssueAsync();
        await reading.ReadAsync(TimeSpan.FromDays(4), without: "p3");
        (await reading.SetAsideAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(l => l.Cause.ShouldBe("completion-missing"), l => l.Reference.ShouldBe("p3"));
        await reading.ReadAsync(TimeSpan.FromHours(23), without: "p3");
        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
        await reading.ReadAsync(TimeSpan.FromHours(2), without: "p3");
        Completion gone = (await reading.World.Ledger.CompletionAsync(new("play", "p3"), Ct))!.Completion;
        (gone.Status, gone.StatusReason).ShouldBe((CompletionStatus.Withdrawn, "row_missing"));
        (await reading.StatusAsync("p2")).ShouldBe(CompletionStatus.Completed);

        // A proposal, not a revocation (rule 7).
        (await reading.World.Ledger.IssuancesInStateAsync(IssuanceState.Issued, 99, Ct)).Count.ShouldBe(10);
        (await reading.World.Ledger.HeldAsync(new HeldFilter(), 100, Ct)).ShouldHaveSingleItem().Cause.ShouldBe(HoldCauses.RevocationReview);
        (await reading.SetAsideAsync()).ShouldBeEmpty();

        // Shown again, it counts again.
        await reading.ReadAsync(TimeSpan.FromHours(1));
        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task Rule_5_what_is_there_again_in_between_begins_anew()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        await reading.ReadAsync(TimeSpan.FromDays(4), without: "p3");
        await reading.ReadAsync(TimeSpan.FromDays(1));
        (await reading.SetAsideAsync()).ShouldBeEmpty();
        await reading.ReadAsync(TimeSpan.FromDays(1), without: "p3");
        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
    }

    [Fact]
    public async Task Rule_5_a_reading_that_shows_less_than_four_fifths_concludes_nothing()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        for (int day = 4; day < 8; day++)
        {
            await reading.ReadAsync(TimeSpan.FromDays(2), without: "p1 p2 p3");
        }

        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
        (await reading.SetAsideAsync()).ShouldHaveSingleItem().Cause.ShouldBe("reading-shrunk");
    }

    [Fact]
    public async Task Rule_5_a_reading_that_failed_was_cut_in_two_or_left_a_record_unread_concludes_nothing()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        for (int day = 4; day < 8; day++)
        {
            reading.Shelf.FailsAfter = 2;
            await reading.ReadAsync(TimeSpan.FromDays(2), without: "p3", succeeds: false);

            // What goes on after the fault has not seen what came before it.
            await reading.ReadAsync(TimeSpan.FromHours(1), without: "p3");
            reading.Shelf.Odd = true;
            await reading.ReadAsync(TimeSpan.FromHours(1), without: "p3");
            reading.Shelf.Odd = false;
        }

        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
        (await reading.SetAsideAsync()).ShouldHaveSingleItem().Cause.ShouldBe("record-malformed");
    }

    [Fact]
    public async Task Rule_5_what_was_told_sooner_than_it_shows_is_given_days_to_show()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        await reading.World.StoreAsync(Ct, new WebhookDelivery { Id = "d1", ReceivedAt = reading.World.Time.GetUtcNow(), Body = System.Text.Encoding.UTF8.GetBytes(PlayHookSource.Body("pushed")) });
        await reading.World.Desk().TakeAsync("play", Ct);
        await reading.ReadAsync(TimeSpan.FromDays(1));
        await reading.ReadAsync(TimeSpan.FromDays(1));
        (await reading.SetAsideAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_5_a_known_completion_that_a_platform_shows_as_open_is_judged_alike()
    {
        using Reading reading = await Reading.OpenAsync(Withdraw);
        reading.Shelf.Whole = false;
        reading.Shelf.ShowsAsOpen = "p3";
        await reading.ReadAsync(TimeSpan.FromDays(4), without: "p3");
        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Completed);
        await reading.ReadAsync(TimeSpan.FromHours(25), without: "p3");
        (await reading.StatusAsync("p3")).ShouldBe(CompletionStatus.Withdrawn);
    }

    [Fact]
    public void Four_mebibytes_remember_a_million_keys()
    {
        var seen = new SeenKeys(7);
        for (int i = 0; i < 1_000_000; i++)
        {
            seen.Add($"{i}|SAFETY-101");
        }

        Enumerable.Range(0, 1_000_000).Where(i => i % 97 == 0).ShouldAllBe(i => seen.Has($"{i}|SAFETY-101"));
        Enumerable.Range(1_000_000, 20_000).Count(i => seen.Has($"{i}|SAFETY-101")).ShouldBeLessThan(40);
    }

    private sealed class Reading : IDisposable
    {
        private readonly SourcePoller poller;

        private Reading(HookWorld world)
        {
            World = world;
            poller = new SourcePoller(
                world.Ledger, new CompletionIntake(world.Ledger, new RuleBookRecord(world.Ledger), world.Time), new SourceRegistry(new Dictionary<string, ICompletionSource> { ["play"] = Shelf }),
                world.Active, LocalProcess.Self, world.Outbox, world.Time, NullLogger<SourcePoller>.Instance);
        }

        public HookWorld World { get; }

        public Shelf Shelf { get; } = new();

        public static async Task<Reading> OpenAsync(string more)
        {
            var reading = new Reading(await HookWorld.OpenAsync(Ct, more: more));
            await reading.ReadAsync(TimeSpan.Zero);
            return reading;
        }

        public async Task ReadAsync(TimeSpan later, string without = "", bool succeeds = true)
        {
            World.Time.Advance(later);
            Shelf.Shown = [.. Enumerable.Range(1, 10).Select(n => $"p{n}").Except(without.Split(' '))];
            (await poller.PollAsync("play", null, Ct)).Succeeded.ShouldBe(succeeds);
        }

        public async Task IssueAsync()
        {
            IReadOnlyList<ClaimedIssuance> claimed = await World.Ledger.ClaimAsync(100, TimeSpan.FromMinutes(1), Ct);
            await World.Ledger.MarkSentAsync(claimed, Ct);
            await World.Ledger.CloseAsync([.. claimed.Select(c => new IssuanceOutcome { Id = c.Id, State = IssuanceState.Issued, At = World.Time.GetUtcNow(), CredentialId = "urn:x" })], Ct);
        }

        public async Task<CompletionStatus> StatusAsync(string key) => (await World.Ledger.CompletionAsync(new("play", key), Ct))!.Completion.Status;

        public Task<IReadOnlyList<SetAsideLine>> SetAsideAsync() => World.Ledger.SetAsideAsync(99, Ct);

        public void Dispose() => World.Dispose();
    }

    /// <summary>Shows what it has, three at a time.</summary>
    private sealed class Shelf : ICompletionSource
    {
        private int pages;

        public string[] Shown { get; set; } = [];

        public bool Whole { get; set; } = true;

        public int? FailsAfter { get; set; }

        public bool Odd { get; set; }

        public string? ShowsAsOpen { get; set; }

        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            int from = read.Since is { } since && since.Value.Split(' ') is [_, var place] ? int.Parse(place, System.Globalization.CultureInfo.InvariantCulture) : 0;
            for (int count = 1; ; count++)
            {
                bool begins = from == 0;
                string[] page = [.. Shown.Skip(from).Take(3)];
                from += 3;
                bool ends = from >= Shown.Length;
                yield return new SourcePage
                {
                    Completions = [.. page.Select(Fact)],
                    Unreadable =
                    [
                        .. Odd && begins ? new[] { new UnreadableRecord("record 1", "record-malformed", "Record 1 cannot be read: look at it.") } : [],
                        .. ShowsAsOpen is { } open && begins ? new[] { new UnreadableRecord("record 3", "completion-vanished", "Record 3 is open again: look at it.") { Missing = open } } : [],
                    ],
                    BeginsWhole = Whole && begins,
                    EndsWhole = Whole && ends,
                    Next = new Cursor($"{++pages} {(ends ? 0 : from)}"),
                };
                if (ends)
                {
                    yield break;
                }

                if (count == FailsAfter)
                {
                    FailsAfter = null;
                    throw new SourceException(FaultKind.Outage, "The shelf fell: it is put up again.");
                }
            }
        }

        private static Completion Fact(string key) => new()
        {
            Key = new CompletionKey("play", key),
            Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, key)],
            PersonName = key,
            Course = new Course { Key = "SAFETY-101" },
            Status = CompletionStatus.Completed,
            CompletedAt = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero),
            CompletedAtPrecision = TimePrecision.Instant,
        };
    }
}
