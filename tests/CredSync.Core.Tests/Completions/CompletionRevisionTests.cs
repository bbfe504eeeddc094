using CredSync.Completions;
using CredSync.Core.Completions;
using CsCheck;
using static CredSync.Core.Tests.Rules.Person;

namespace CredSync.Core.Tests.Completions;

public sealed class CompletionRevisionTests
{
    private static readonly Completion Full = Completion("A", "2025-03-01", 0.8m) with
    {
        PersonName = "Ada Moreno",
        Identifiers = [new PersonIdentifier("lms_user_id", "7"), new PersonIdentifier("email", "ada@northwind.example")],
        CertificateUrl = new Uri("https://m.example/cert/7"),
        SourceUpdatedAt = Day("2025-03-02"),
    };

    [Fact]
    public void What_was_not_known_is_new() =>
        CompletionRevision.Merge(null, Full).ShouldBeOfType<CompletionChange.New>().Completion.ShouldBe(Full);

    [Fact]
    public void The_same_content_is_unchanged_however_it_was_told()
    {
        Completion again = Full with { SourceEventId = "evt-9", Identifiers = [.. Full.Identifiers.Reverse()], Score = new Score { Scaled = 0.800m } };
        CompletionRevision.Merge(Full, again).ShouldBeOfType<CompletionChange.Unchanged>().SourceUpdatedAt.ShouldBeNull();
        CompletionRevision.Merge(Full, again with { SourceUpdatedAt = Day("2025-03-09") }).ShouldBeOfType<CompletionChange.Unchanged>().SourceUpdatedAt.ShouldBe(Day("2025-03-09"));
    }

    [Fact]
    public void An_older_message_never_overwrites_a_newer_one() =>
        CompletionRevision.Merge(Full, Full with { Score = new Score { Scaled = 0.1m }, SourceUpdatedAt = Day("2025-03-01") }).ShouldBeOfType<CompletionChange.Stale>();

    [Fact]
    public void At_equal_times_an_explicit_revocation_stays()
    {
        Completion revoked = Full with { Status = CompletionStatus.Revoked };
        CompletionRevision.Merge(revoked, Full).ShouldBeOfType<CompletionChange.Stale>();
        CompletionRevision.Merge(Full, revoked).ShouldBeOfType<CompletionChange.Revised>().Merged.Status.ShouldBe(CompletionStatus.Revoked);
    }

    [Theory]
    [InlineData(TimePrecision.Instant, "2025-03-01", TimePrecision.Instant, "2025-02-01", "2025-02-01")]
    [InlineData(TimePrecision.Instant, "2025-03-01", TimePrecision.Instant, "2025-04-01", "2025-03-01")]
    [InlineData(TimePrecision.Derived, "2025-03-01", TimePrecision.Instant, "2025-04-01", "2025-04-01")]
    [InlineData(TimePrecision.Instant, "2025-03-01", TimePrecision.Observed, "2025-01-01", "2025-03-01")]
    public void The_earliest_of_the_most_exact_times_stays(TimePrecision knownPrecision, string known, TimePrecision readPrecision, string read, string expected)
    {
        Completion before = Full with { CompletedAt = Day(known), CompletedAtPrecision = knownPrecision, SourceUpdatedAt = null };
        CompletionChange change = CompletionRevision.Merge(before, before with { CompletedAt = Day(read), CompletedAtPrecision = readPrecision });
        Completion after = change is CompletionChange.Revised revised ? revised.Merged : before;
        after.CompletedAt.ShouldBe(Day(expected));
    }

    [Fact]
    public void A_withdrawal_keeps_the_time_and_completing_again_keeps_it_too()
    {
        Completion withdrawn = CompletionRevision.Merge(Full, Full with { Status = CompletionStatus.Withdrawn, CompletedAt = null, SourceUpdatedAt = null })
            .ShouldBeOfType<CompletionChange.Revised>().Merged;
        withdrawn.CompletedAt.ShouldBe(Full.CompletedAt);
        CompletionRevision.Merge(withdrawn, Full with { CompletedAt = Day("2025-05-01"), SourceUpdatedAt = null })
            .ShouldBeOfType<CompletionChange.Revised>().Merged.CompletedAt.ShouldBe(Full.CompletedAt);
    }

    [Fact]
    public void A_message_that_says_less_erases_nothing()
    {
        Completion brief = Full with { PersonName = null, Score = null, CertificateUrl = null, Identifiers = [new PersonIdentifier("lms_user_id", "7")], SourceUpdatedAt = null };
        CompletionRevision.Merge(Full, brief).ShouldBeOfType<CompletionChange.Unchanged>();
    }

    [Fact]
    public void A_kind_of_identifier_that_is_stated_replaces_the_known_ones()
    {
        Completion moved = Full with { Identifiers = [new PersonIdentifier("email", "ada.moreno@northwind.example")] };
        CompletionRevision.Merge(Full, moved).ShouldBeOfType<CompletionChange.Revised>().Merged.Identifiers
            .ShouldBe([new PersonIdentifier("email", "ada.moreno@northwind.example"), new PersonIdentifier("lms_user_id", "7")]);
    }

    [Fact]
    public void Two_different_completions_are_never_merged() =>
        Should.Throw<ArgumentException>(() => CompletionRevision.Merge(Full, Completion("B", "2025-03-01")));

    [Fact]
    public void Every_part_of_the_content_changes_the_hash_and_nothing_else_does()
    {
        Completion[] variants =
        [
            Full,
            Full with { PersonName = "Ada" },
            Full with { Course = Full.Course with { Title = "T" } },
            Full with { Course = Full.Course with { Run = "r" } },
            Full with { Course = Full.Course with { Key = "B" } },
            Full with { Course = Full.Course with { ContentType = ContentType.Program } },
            Full with { Course = Full.Course with { Attributes = new Dictionary<string, string> { ["shortname"] = "s" } } },
            Full with { Status = CompletionStatus.Withdrawn },
            Full with { Passed = true },
            Full with { CompletedAt = Day("2025-03-02") },
            Full with { CompletedAtPrecision = TimePrecision.Date },
            Full with { Score = new Score { Raw = 0.8m } },
            Full with { CertificateUrl = null },
            Full with { Evidence = [new Evidence("E")] },
            Full with { ConsentGiven = false },
            Full with { StatusReason = "row_missing" },
            Full with { Identifiers = [new PersonIdentifier("lms_user_id", "7")] },
        ];
        variants.Select(CompletionHash.Of).Distinct().Count().ShouldBe(variants.Length);
        CompletionHash.Of(Full with { SourceUpdatedAt = null, SourceEventId = "x", Key = new CompletionKey("other", "1"), CompletedAt = Full.CompletedAt!.Value.ToOffset(TimeSpan.FromHours(5)) })
            .ShouldBe(CompletionHash.Of(Full));
        CompletionHash.Of(Full).ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void Merging_what_was_merged_changes_nothing_more() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.Int[0, 3], Gen.Int[0, 400], Gen.Int[0, 3]).Sample((a, dayA, b, dayB, status) =>
        {
            Completion known = Full with { CompletedAt = Day("2024-01-01").AddDays(dayA), CompletedAtPrecision = (TimePrecision)a, SourceUpdatedAt = null };
            Completion read = Full with { CompletedAt = Day("2024-01-01").AddDays(dayB), CompletedAtPrecision = (TimePrecision)b, Status = (CompletionStatus)status, SourceUpdatedAt = null };
            if (CompletionRevision.Merge(known, read) is CompletionChange.Revised revised)
            {
                CompletionRevision.Merge(revised.Merged, read).ShouldBeOfType<CompletionChange.Unchanged>();
            }
        });
}
