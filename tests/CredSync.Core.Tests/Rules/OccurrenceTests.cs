using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using static CredSync.Core.Tests.Rules.Person;

namespace CredSync.Core.Tests.Rules;

public sealed class OccurrenceTests
{
    [Fact]
    public void Each_completion_earns_its_own()
    {
        RuleBook book = Book.Of("occurrence: each\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2024-01-01"), Completion("A", "2025-01-01", attempt: 2));
        person.Settle(book).OfType<Decision.Issue>().Select(i => i.Award.EarnedAt).ShouldBe([Day("2024-01-01"), Day("2025-01-01")]);
        person.Settle(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Skip>();
        person.With(Completion("A", "2023-01-01", attempt: 3)).Settle(book).OfType<Decision.Issue>().Single().Award.EarnedAt.ShouldBe(Day("2023-01-01"));
    }

    [Fact]
    public void A_corrected_date_does_not_make_another_occurrence()
    {
        RuleBook book = Book.Of("occurrence: each\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2024-01-01", precision: TimePrecision.Date));
        person.Settle(book);
        person.Replace(Completion("A", "2023-12-31T23:10:00Z")).Settle(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Skip>();
    }

    [Fact]
    public void A_year_is_a_year_of_the_organisation()
    {
        RuleBook book = Book.Of("occurrence: per-year\nearn: { all: [ { course: A }, { course: B } ] }");
        Person person = new Person().With(
            Completion("A", "2023-12-31T23:30:00Z"), Completion("B", "2024-05-01"), Completion("A", "2024-12-31T12:00:00Z", attempt: 2), Completion("B", "2025-01-10", attempt: 2));
        Decision.Issue issue = person.Decide(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Issue>();
        issue.Occurrence.ShouldBe("2024");
        issue.Award.EarnedAt.ShouldBe(Day("2024-05-01"));
    }

    [Fact]
    public void A_run_earns_once_and_a_missing_run_is_held()
    {
        RuleBook book = Book.Of("occurrence: per-cohort\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2024-01-01", run: "2024-T1"), Completion("A", "2025-01-01", run: "2025-T1"), Completion("A", "2025-02-01", run: "2025-T1", attempt: 2));
        person.Settle(book).OfType<Decision.Issue>().Select(i => i.Occurrence).ShouldBe(["2024-T1", "2025-T1"]);
        person.Settle(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Skip>();
        new Person().With(Completion("A", "2024-01-01")).Decide(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Hold>().Cause.ShouldBe("cohort-unknown");
    }

    [Fact]
    public void A_renewal_needs_a_completion_near_the_end_or_after_it()
    {
        RuleBook book = Book.Of("valid: { for: 24 months, renew_within: 3 months }\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2023-01-01"));
        Settle("2023-01-02").ShouldBe(["2023-01-01"]);
        person.With(Completion("A", "2024-06-01", attempt: 2));
        Settle("2024-06-02").ShouldBeEmpty();
        person.With(Completion("A", "2024-10-15", attempt: 3));
        Settle("2024-10-16").ShouldBe(["2024-10-15"]);
        Settle("2024-10-17").ShouldBeEmpty();
        person.Ledger.Count.ShouldBe(2);

        string[] Settle(string now) => [.. person.Settle(book, Day(now)).OfType<Decision.Issue>().Select(i => i.Award.EarnedAt.ToString("yyyy-MM-dd", null))];
    }

    [Fact]
    public void What_had_expired_before_it_was_known_is_not_issued_but_its_renewal_is()
    {
        RuleBook book = Book.Of("valid: { for: 24 months }\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2020-01-01"), Completion("A", "2025-01-01", attempt: 2));
        person.Settle(book).OfType<Decision.Issue>().Single().Award.EarnedAt.ShouldBe(Day("2025-01-01"));
        person.Settle(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Skip>();
    }

    [Fact]
    public void A_longer_validity_in_a_later_revision_does_not_issue_again()
    {
        Person person = new Person().With(Completion("A", "2025-01-01"));
        person.Settle(Book.Of("valid: { for: 24 months, renew_within: 3 months }\nearn: { course: A }"));
        person.Settle(Book.Of("valid: { for: 36 months, renew_within: 3 months }\nearn: { course: A }")).OfType<Decision.Issue>().ShouldBeEmpty();
        person.Ledger.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "revocation-review")]
    [InlineData("on_revoked: revoke\n", "revocation-required")]
    [InlineData("on_revoked: keep\n", null)]
    public void A_withdrawn_completion_proposes_what_the_definition_says(string policy, string? cause)
    {
        RuleBook book = Book.Of(policy + "earn: { all: [ { course: A }, { course: B } ] }");
        Person person = new Person().With(Completion("A", "2025-01-01"), Completion("B", "2025-02-01"));
        person.Settle(book);
        person.Replace(Completion("B", "2025-02-01", status: CompletionStatus.Withdrawn));
        IReadOnlyList<Decision> decisions = person.Decide(book);
        decisions.OfType<Decision.Issue>().ShouldBeEmpty();
        decisions.OfType<Decision.Hold>().Select(h => (h.Cause, h.Occurrence)).ShouldBe(cause is null ? [] : [(cause, "once")]);
    }

    [Fact]
    public void A_withdrawn_completion_proposes_nothing_while_another_supports_the_credential()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Person person = new Person().With(Completion("A", "2025-01-01"));
        person.Settle(book);
        person.Replace(Completion("A", "2025-01-01", status: CompletionStatus.Revoked)).With(Completion("A", "2025-03-01", attempt: 2));
        person.Decide(book).OfType<Decision.Hold>().ShouldBeEmpty();
    }

    [Fact]
    public void A_withdrawn_completion_of_one_year_concerns_that_year_only()
    {
        RuleBook book = Book.Of("occurrence: per-year\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2024-01-05"), Completion("A", "2025-01-05", attempt: 2));
        person.Settle(book);
        person.Replace(Completion("A", "2025-01-05", attempt: 2, status: CompletionStatus.Withdrawn));
        person.Decide(book).OfType<Decision.Hold>().Single().Occurrence.ShouldBe("2025");
    }

    [Fact]
    public void An_unknown_issuance_of_a_definition_that_left_the_book_is_ignored()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        new Person().With(Completion("A", "2025-01-01")).Holding("gone", "2024-01-01").Decide(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Issue>();
        IssuanceSteps.IsLegal(IssuanceState.Issued, IssuanceState.Planned).ShouldBeFalse();
    }
}
