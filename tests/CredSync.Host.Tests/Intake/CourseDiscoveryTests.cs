using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Host.Commands;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Sources;

namespace CredSync.Host.Tests.Intake;

public sealed class CourseDiscoveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Courses_are_gathered_over_pages_with_keys_titles_and_how_much_there_is()
    {
        (IReadOnlyList<DiscoveredCourse> courses, bool more) = await CourseDiscovery.ReadAsync(new Pages(), 10, Ct);
        more.ShouldBeFalse();
        courses.ShouldBe(
        [
            new DiscoveredCourse("DATA-110", "Data", ContentType.Course, 2, Now.AddDays(1)),
            new DiscoveredCourse("SAFETY-101", null, ContentType.Course, 1, Now),
        ]);
    }

    [Fact]
    public async Task A_source_that_lists_its_courses_shows_those_too_that_nobody_has_completed()
    {
        (IReadOnlyList<DiscoveredCourse> courses, _) = await CourseDiscovery.ReadAsync(new Listing(), 10, Ct);
        courses.Select(c => (c.Key, c.Title, c.Completions)).ShouldBe([("DATA-110", "Data, as listed", 2), ("NEW-1", "Nobody yet", 0), ("SAFETY-101", null, 1)]);
    }

    [Fact]
    public async Task Reading_stops_after_as_many_pages_as_were_asked_for() => (await CourseDiscovery.ReadAsync(new Pages(), 1, Ct)).More.ShouldBeTrue();

    [Fact]
    public async Task What_the_ledger_tells_of_a_source_is_part_of_its_check()
    {
        using Hooks.HookWorld world = await Hooks.HookWorld.OpenAsync(Ct);
        SourceDefinition source = world.Configuration.Sources.Single() with { ExpectedFreshness = TimeSpan.FromDays(2) };
        var state = new SourceState { Name = "play", LastSuccess = Now, NewestCompletion = Now.AddDays(-5), PausedBecause = "upgrade" };
        CheckResult[] checks = [.. SourcesCheck.OfLedger(source, state, new DeliveryCount("play", 3, 1, Now.AddHours(-1)), Now)];
        checks.Select(c => (c.Name, c.Outcome)).ShouldBe(
        [
            ("paused", CheckOutcome.Warning), ("freshness", CheckOutcome.Warning), ("deliveries", CheckOutcome.Warning), ("deliveries set aside", CheckOutcome.Warning),
        ]);
        SourcesCheck.OfLedger(source, new SourceState { Name = "play", LastSuccess = Now, NewestCompletion = Now }, null, Now).ShouldAllBe(c => c.Outcome == CheckOutcome.Passed);
    }

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true, CheckOutcome.Passed, "is there")]
    [InlineData("whsec_AAECAw==", true, CheckOutcome.Failed, "fewer than 24 bytes")]
    [InlineData("not base64 at all", true, CheckOutcome.Failed, "'whsec_' and base64")]
    [InlineData("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", true, CheckOutcome.Failed, "under 'public_keys'")]
    [InlineData("", true, CheckOutcome.Failed, "shorter than 8 characters")]
    [InlineData(null, true, CheckOutcome.Passed, "is there")]
    [InlineData(null, false, CheckOutcome.Failed, "'public_keys'")]
    public void The_check_tells_whether_deliveries_could_be_proven(string? secret, bool canVerify, CheckOutcome outcome, string says)
    {
        var webhook = new WebhookDefinition
        {
            Proof = WebhookProof.StandardWebhooks,
            Secrets = secret is null ? [] : [new Secret("env:HOOK", () => secret)],
            PublicKeys = secret is null ? [new byte[32]] : [],
        };
        CheckResult result = SourcesCheck.OfWebhook(webhook, new CredSync.Host.Intake.Hooks.HookSecrets(TimeProvider.System), canVerify);
        result.Outcome.ShouldBe(outcome, result.Sentence);
        result.Sentence.ShouldContain(says);
        (result.Remedy is null).ShouldBe(outcome == CheckOutcome.Passed);
    }

    [Fact]
    public void A_source_that_was_read_to_its_end_and_gave_nothing_is_not_said_to_be_fresh()
    {
        SourceDefinition source = new("play", "play", new object(), TimeSpan.FromHours(1), null, Paused: false, ExpectedFreshness: null, default);
        CheckResult freshness = SourcesCheck.OfLedger(source, new SourceState { Name = "play", LastSuccess = Now }, null, Now).Single();
        (freshness.Outcome, freshness.Sentence).ShouldBe((CheckOutcome.NotChecked, "It was read to its end and gave no completion so far."));
    }

    private sealed class Listing : ICompletionSource, ICourseCatalogue
    {
        public Task<IReadOnlyList<Course>> CoursesAsync(CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<Course>>([new Course { Key = "NEW-1", Title = "Nobody yet" }, new Course { Key = "DATA-110", Title = "Data, as listed" }]);

        public IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, CancellationToken ct) => new Pages().ReadAsync(read, ct);
    }

    private sealed class Pages : ICompletionSource
    {
        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.CompletedTask;
            yield return Page("1", Done("a", "DATA-110", null, Now), Done("a", "SAFETY-101", null, Now));
            yield return Page("2", Done("b", "DATA-110", "Data", Now.AddDays(1)));
        }

        private static SourcePage Page(string cursor, params Completion[] completions) => new() { Completions = completions, Next = new Cursor(cursor) };

        private static Completion Done(string person, string course, string? title, DateTimeOffset at) => new()
        {
            Key = new CompletionKey("play", $"{person}|{course}"),
            Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, person)],
            Course = new Course { Key = course, Title = title },
            Status = CompletionStatus.Completed,
            CompletedAt = at,
        };
    }
}
