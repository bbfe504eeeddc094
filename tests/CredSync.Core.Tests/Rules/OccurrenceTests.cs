using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
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

    [Theory]
    [InlineData("", "each", "2024-09-01,2025-05-01")]
    [InlineData("", "per-year", "2025-05-01")]
    [InlineData("", "per-cohort", "2024-09-01,2025-05-01")]
    [InlineData("each", "once", "")]
    [InlineData("each", "per-year", "")]
    [InlineData("each", "per-cohort", "")]
    [InlineData("per-year", "each", "2024-09-01")]
    [InlineData("per-year", "per-cohort", "2024-09-01")]
    [InlineData("per-cohort", "each", "")]
    [InlineData("per-cohort", "per-year", "")]
    [InlineData("per-cohort", "once", "")]
    public void What_was_given_is_not_given_again_when_it_may_be_earned_more_often_or_less(string before, string after, string more)
    {
        Person person = new Person().With(
            Completion("A", "2024-05-01", run: "R1"), Completion("A", "2024-09-01", run: "R2", attempt: 2), Completion("A", "2025-05-01", run: "R3", attempt: 3));
        person.Settle(Rule(before)).OfType<Decision.Issue>().ShouldNotBeEmpty();
        int held = person.Ledger.Count;
        string[] wanted = more.Split(',', StringSplitOptions.RemoveEmptyEntries);
        PersonPlan plan = Plan(Rule(after), person);
        plan.Effects.Select(e => (e.Act, e.EarnedAt!.Value.ToString("yyyy-MM-dd", null))).ShouldBe(wanted.Select(w => (PlanAct.Award, w)));
        if (wanted.Length > 0)
        {
            plan.Kept.ShouldBeEmpty("each of them is awarded today as well");
        }

        person.Settle(Rule(after)).OfType<Decision.Issue>().Select(i => i.Award.EarnedAt).ShouldBe(wanted.Select(Day));
        person.Settle(Rule(after)).ShouldHaveSingleItem().ShouldBeOfType<Decision.Skip>();
        person.Ledger.Count.ShouldBe(held + wanted.Length);
    }

    [Fact]
    public void A_right_that_keeps_the_name_of_another_occurrence_is_asked_about_when_its_completion_is_withdrawn()
    {
        Person person = new Person().With(Completion("A", "2024-05-01", run: "R1"), Completion("A", "2025-05-01", run: "R2", attempt: 2));
        person.Settle(Rule(""));
        foreach (string after in (string[])["each", "per-year", "per-cohort"])
        {
            person.Replace(Completion("A", "2024-05-01", run: "R1"));
            person.Decide(Rule(after)).OfType<Decision.Hold>().ShouldBeEmpty(after);
            person.Replace(Completion("A", "2024-05-01", run: "R1", status: CompletionStatus.Withdrawn));
            if (after != "per-year")
            {
                person.Decide(Rule(after)).OfType<Decision.Hold>().ShouldHaveSingleItem(after).ShouldSatisfyAllConditions(h => h.Occurrence.ShouldBe("once"), h => h.Cause.ShouldBe("revocation-review"));
            }
        }
    }

    [Fact]
    public void What_waits_under_the_name_of_another_occurrence_is_not_stopped()
    {
        Person person = new Person().With(Completion("A", "2024-05-01"), Completion("A", "2025-05-01", attempt: 2)).Holding("badge", "2024-05-01", state: IssuanceState.Planned);
        PlanPerson all = new() { History = person.History, Unsent = [.. person.Ledger.Select(l => l.Key)] };
        PersonPlan.Of(Rule("each"), all, PlanScope.All, Now).Effects.ShouldHaveSingleItem().ShouldSatisfyAllConditions(e => e.Act.ShouldBe(PlanAct.Award), e => e.EarnedAt.ShouldBe(Day("2025-05-01")));
    }

    [Fact]
    public void Two_completions_of_one_day_have_a_right_each_whatever_became_of_the_other()
    {
        RuleBook book = Rule("each");
        Person person = new Person().With(Completion("A", "2024-05-01"));
        person.Settle(book);
        person.Replace(Completion("A", "2024-05-01", status: CompletionStatus.Withdrawn)).With(Completion("A", "2024-05-01", attempt: 2));
        person.Decide(book).OfType<Decision.Issue>().ShouldHaveSingleItem();
        person.Decide(book).OfType<Decision.Hold>().ShouldHaveSingleItem().Cause.ShouldBe("revocation-review");
    }

    [Fact]
    public void A_rule_that_was_changed_acts_on_new_facts_at_once_and_on_history_only_through_a_plan()
    {
        var ledger = new Follower(Book.Of("earn: { course: { key: A, score: \">= 80 %\" } }"));
        ledger.Read(Completion("A", "2024-05-01", 0.7m), Completion("B", "2024-05-01"));
        ledger.Lines.ShouldBeEmpty();
        ledger.Rules = Book.Of("earn: { course: { key: A, score: \">= 60 %\" } }");
        ledger.Read(Completion("C", "2025-01-01"));
        ledger.Read(Completion("B", "2025-01-02", attempt: 2));
        ledger.Lines.ShouldBeEmpty("nothing that earns it is new");
        ledger.Read(Completion("A", "2025-01-03", 0.4m, attempt: 2));
        ledger.Lines.ShouldBeEmpty("a retake that is not good enough earns nothing");
        PersonPlan.Of(ledger.Rules, new PlanPerson { History = ledger.History }, PlanScope.All, Now).Effects.ShouldHaveSingleItem().Act.ShouldBe(PlanAct.Award);
        ledger.Rules = Book.Of("occurrence: each\nearn: { course: { key: A, score: \">= 60 %\" } }");
        ledger.Read(Completion("A", "2025-02-01", 0.61m, attempt: 3));
        ledger.Planned.ShouldHaveSingleItem("the older one waits for a plan").EarnedAt.ShouldBe(Day("2025-02-01"));
    }

    [Fact]
    public void A_retake_that_earns_it_does_so_at_once_also_where_history_would_have_by_the_new_rule()
    {
        var ledger = new Follower(Book.Of("earn: { course: { key: A, score: \">= 80 %\" } }"));
        ledger.Read(Completion("A", "2024-05-01", 0.7m));
        ledger.Rules = Book.Of("earn: { course: { key: A, score: \">= 60 %\" } }");
        ledger.Read(Completion("A", "2025-01-01", 0.9m, attempt: 2));
        ledger.Planned.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_rests_on_credentials_is_decided_about_with_any_fact()
    {
        RuleBook book = Book.Of(("base", "approval: { by: board }\nearn: { course: A }"), ("top", "earn: { all: [ { course: B }, { credential: base } ] }"));
        var ledger = new Follower(book);
        ledger.Read(Completion("A", "2024-05-01"), Completion("B", "2024-06-01"));
        ledger.Approve();
        book.AnyRests(new HashSet<string> { "base" }).ShouldBeTrue();
        book.AnyRests(new HashSet<string> { "top" }).ShouldBeFalse();
        book.DecideResting(ledger.History, new HashSet<string> { "base" }, Now).ShouldHaveSingleItem().ShouldBeOfType<Decision.Issue>().Definition.ShouldBe("top");
        ledger.Read(Completion("B", "2024-07-01", attempt: 2));
        ledger.Planned.Select(p => p.Key.Definition).ShouldBe(["base", "top"]);
    }

    [Fact]
    public void A_fact_that_was_not_good_enough_before_is_a_new_one_when_it_becomes_so()
    {
        var ledger = new Follower(Book.Of("earn: { course: { key: A, score: \">= 80 %\" } }"));
        ledger.Read(Completion("A", "2024-05-01", 0.5m));
        ledger.Rules = Book.Of("earn: { course: { key: A, score: \">= 60 %\" } }");
        ledger.Read(Completion("A", "2024-05-01", 0.65m));
        ledger.Planned.ShouldHaveSingleItem();
    }

    private static RuleBook Rule(string occurrence) => Book.Of((occurrence.Length == 0 || occurrence == "once" ? "" : $"occurrence: {occurrence}\n") + "earn: { course: A }");

    private static PersonPlan Plan(RuleBook book, Person person) => PersonPlan.Of(book, new PlanPerson { History = person.History }, PlanScope.All, Now);

    [Fact]
    public void An_unknown_issuance_of_a_definition_that_left_the_book_is_ignored()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        new Person().With(Completion("A", "2025-01-01")).Holding("gone", "2024-01-01").Decide(book).ShouldHaveSingleItem().ShouldBeOfType<Decision.Issue>();
        IssuanceSteps.IsLegal(IssuanceState.Issued, IssuanceState.Planned).ShouldBeFalse();
    }
}
