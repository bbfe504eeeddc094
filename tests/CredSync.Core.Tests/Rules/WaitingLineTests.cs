using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

/// <summary>What is planned or held and has not left follows the facts.</summary>
public sealed class WaitingLineTests
{
    private const string Approved = "approval: { by: head }\n";

    [Fact]
    public void A_date_that_is_corrected_before_the_credential_left_goes_on_the_credential()
    {
        Follower ada = new(Book.Of("earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Read(Person.Completion("A", "2024-04-30"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-04-30"]);
    }

    [Fact]
    public void A_completion_that_comes_late_and_is_earlier_dates_the_credential_as_long_as_it_has_not_left()
    {
        Follower ada = new(Book.Of("earn: { any: [{ course: A }, { course: B }] }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Read(Person.Completion("B", "2023-05-02"));
        ada.Lines.ShouldBe(["badge/once Planned 2023-05-02"]);
        ada.Leave();
        ada.Read(Person.Completion("A", "2022-01-01", attempt: 2));
        ada.Lines.ShouldBe(["badge/once Issued 2023-05-02"]);
    }

    [Fact]
    public void A_retake_that_was_read_first_gives_way_to_the_first_completion_as_long_as_it_has_not_left()
    {
        Follower ada = new(Book.Of("valid: { for: 24 months }\nearn: { course: A }"));
        ada.Read(Person.Completion("A", "2025-09-01", attempt: 2));
        ada.Read(Person.Completion("A", "2025-03-01"));
        ada.Planned.ShouldHaveSingleItem().EarnedAt.ShouldBe(Person.Day("2025-03-01"));
        ada.Lines.Count(l => l.Contains(HoldCauses.NoLongerEarned, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void What_is_withdrawn_while_it_waits_for_approval_waits_no_more_and_comes_back_with_the_facts()
    {
        Follower ada = new(Book.Of(Approved + "earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Lines.ShouldBe(["badge/once Held approval 2024-05-02"]);
        ada.Read(Person.Completion("A", "2024-05-02", status: CompletionStatus.Withdrawn));
        ada.Lines.ShouldBe(["badge/once Held no-longer-earned 2024-05-02"]);
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Lines.ShouldBe(["badge/once Held approval 2024-05-02"]);
    }

    [Theory]
    [InlineData("review")]
    [InlineData("revoke")]
    [InlineData("keep")]
    public void What_is_withdrawn_before_it_left_does_not_leave_whatever_becomes_of_what_is_issued(string policy)
    {
        Follower ada = new(Book.Of($"on_revoked: {policy}\nearn: {{ course: A }}"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Read(Person.Completion("A", "2024-05-02", status: CompletionStatus.Revoked));
        ada.Lines.ShouldBe(["badge/once Held no-longer-earned 2024-05-02"]);
    }

    [Fact]
    public void A_consent_that_is_refused_while_it_waits_for_approval_holds_it_and_given_again_it_waits_for_approval_again()
    {
        Follower ada = new(Book.Of(Approved + "earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Read(Person.Completion("A", "2024-05-02", consent: false));
        ada.Lines.ShouldBe(["badge/once Held consent-missing 2024-05-02"]);
        ada.Read(Person.Completion("A", "2024-05-02", consent: true));
        ada.Lines.ShouldBe(["badge/once Held approval 2024-05-02"]);
    }

    [Fact]
    public void A_refusal_in_the_directory_keeps_back_what_waits_for_approval_and_what_was_approved()
    {
        Follower ada = new(Book.Of(Approved + "earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Consents = [new ConsentFact("", false)];
        ada.Read();
        ada.Lines.ShouldBe(["badge/once Held consent-missing 2024-05-02"]);
        ada.Consents = [];
        ada.Read();
        ada.Lines.ShouldBe(["badge/once Held approval 2024-05-02"]);
        ada.Approve();
        ada.Consents = [new ConsentFact("badges", false)];
        ada.Read();
        ada.Lines.ShouldBe(["badge/once Held consent-missing 2024-05-02"]);
    }

    [Fact]
    public void The_credentials_of_several_issuers_follow_each_by_itself()
    {
        Follower ada = new(Book.Of("issue: { by: badges, also: [{ issuer: second }] }\nearn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-05-02", "badge/once@second Held consent-missing 2024-05-02"]);
        ada.Read(Person.Completion("A", "2024-05-01"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-05-01", "badge/once@second Held consent-missing 2024-05-01"]);
        ada.Leave();
        ada.Read(Person.Completion("A", "2024-04-01", consent: true));
        ada.Lines.ShouldBe(["badge/once Issued 2024-05-01", "badge/once@second Planned 2024-04-01"]);
    }

    [Fact]
    public void What_somebody_approved_stays_approved_when_the_facts_are_corrected_and_carries_them()
    {
        Follower ada = new(Book.Of(Approved + "earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Approve();
        ada.Read(Person.Completion("B", "2024-05-03"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-05-02"]);
        ada.Read(Person.Completion("A", "2024-05-01"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-05-01"]);
        ada.Read(Person.Completion("A", "2024-05-01", status: CompletionStatus.Withdrawn));
        ada.Lines.ShouldBe(["badge/once Held no-longer-earned 2024-05-01"]);
    }

    [Fact]
    public void A_credential_that_rests_on_one_that_is_stopped_is_stopped_as_well()
    {
        Follower ada = new(Book.Of(("base", "earn: { course: A }"), ("top", "earn: { all: [{ credential: base }, { course: B }] }")));
        ada.Read(Person.Completion("A", "2024-05-02"), Person.Completion("B", "2024-06-02"));
        ada.Lines.ShouldBe(["base/once Planned 2024-05-02", "top/once Planned 2024-06-02"]);
        ada.Read(Person.Completion("A", "2024-05-02", status: CompletionStatus.Withdrawn));
        ada.Lines.ShouldBe(["base/once Held no-longer-earned 2024-05-02", "top/once Held no-longer-earned 2024-06-02"]);
    }

    [Fact]
    public void A_credential_that_rests_on_one_that_was_approved_is_earned_while_that_waits_to_leave()
    {
        Follower ada = new(Book.Of(("base", Approved + "earn: { course: A }"), ("top", "earn: { all: [{ credential: base }, { course: B }] }")));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Approve();
        ada.Read(Person.Completion("B", "2024-06-02"));
        ada.Lines.ShouldBe(["base/once Planned 2024-05-02", "top/once Planned 2024-06-02"]);
    }

    [Fact]
    public void A_year_that_was_not_known_is_held_beside_those_that_are_and_the_hold_ends_when_it_is_known()
    {
        Follower ada = new(Book.Of("occurrence: per-year\nearn: { course: \"TALK-*\" }"));
        ada.Read(Person.Completion("TALK-1", "2024-05-02"), Person.Completion("TALK-2", null));
        ada.Lines.ShouldBe(["badge/2024 Planned 2024-05-02", "badge/undated Held earned-date-unknown"]);
        ada.Read(Person.Completion("TALK-2", "2024-07-02"));
        ada.Lines.ShouldBe(["badge/2024 Planned 2024-05-02", "badge/undated Held no-longer-earned"]);
        ada.Read(Person.Completion("TALK-3", null));
        ada.Lines.ShouldBe(["badge/2024 Planned 2024-05-02", "badge/undated Held earned-date-unknown"]);
        ada.Read(Person.Completion("TALK-3", "2025-07-02"));
        ada.Lines.ShouldBe(["badge/2024 Planned 2024-05-02", "badge/2025 Planned 2025-07-02", "badge/undated Held no-longer-earned"]);
    }

    [Fact]
    public void A_run_that_was_not_known_is_held_and_the_hold_ends_when_it_is_known()
    {
        Follower ada = new(Book.Of("occurrence: per-cohort\nearn: { course: A }"));
        Completion first = Person.Completion("A", "2024-05-02");
        ada.Read(first, Person.Completion("A", "2023-05-02", run: "spring"));
        ada.Lines.ShouldBe(["badge/no-run Held cohort-unknown 2024-05-02", "badge/spring Planned 2023-05-02"]);
        ada.Read(first with { Course = first.Course with { Run = "autumn" } });
        ada.Lines.ShouldBe(["badge/autumn Planned 2024-05-02", "badge/no-run Held no-longer-earned 2024-05-02", "badge/spring Planned 2023-05-02"]);
    }

    [Fact]
    public void What_an_earlier_rule_book_planned_is_left_to_a_plan()
    {
        Follower ada = new(Book.Of("earn: { course: A }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Rules = Book.Of("earn: { course: B }");
        ada.Read(Person.Completion("C", "2024-06-02"));
        ada.Lines.ShouldBe(["badge/once Planned 2024-05-02"]);
    }

    [Fact]
    public void An_exclusion_that_comes_true_before_it_left_stops_it()
    {
        Follower ada = new(Book.Of("earn: { course: A }\nunless: { course: B }"));
        ada.Read(Person.Completion("A", "2024-05-02"));
        ada.Read(Person.Completion("B", "2024-06-02"));
        ada.Lines.ShouldBe(["badge/once Held no-longer-earned 2024-05-02"]);
    }
}
