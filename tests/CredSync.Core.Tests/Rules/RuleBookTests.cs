using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using static CredSync.Core.Tests.Rules.Person;

namespace CredSync.Core.Tests.Rules;

public sealed class RuleBookTests
{
    [Fact]
    public void The_earned_date_of_all_is_that_of_the_latest_course()
    {
        RuleBook book = Book.Of("earn: { all: [ { course: A }, { course: B } ] }");
        Decision.Issue issue = Only<Decision.Issue>(new Person().With(Completion("B", "2025-04-02"), Completion("A", "2025-01-20")).Decide(book));
        issue.Award.EarnedAt.ShouldBe(Day("2025-04-02"));
        issue.Award.EarnedBy.Select(e => e.CourseTitle).ShouldBe(["A", "B"]);
        issue.Occurrence.ShouldBe("once");
        issue.Issuer.ShouldBe("badges");
        issue.Trace.Facts.ShouldBe(["moodle/7|A||1", "moodle/7|B||1"]);
    }

    [Fact]
    public void The_earned_date_of_any_is_that_of_the_earliest_course()
    {
        RuleBook book = Book.Of("earn: { any: [ { course: A }, { course: B } ] }");
        Decision.Issue issue = Only<Decision.Issue>(new Person().With(Completion("B", "2025-04-02"), Completion("A", "2025-05-20")).Decide(book));
        issue.Award.EarnedAt.ShouldBe(Day("2025-04-02"));
        issue.Award.EarnedBy.Single().CourseTitle.ShouldBe("B");
    }

    [Fact]
    public void At_least_two_of_a_tag_counts_different_courses_and_not_attempts()
    {
        RuleBook book = Book.Of("earn: { at_least: 2, of: [ { course: { tag: data } }, { course: LAW-1 } ] }");
        Person person = new Person().With(Completion("STAT-1", "2025-01-01"), Completion("STAT-1", "2025-02-01", attempt: 2));
        Only<Decision.Skip>(person.Decide(book)).Reason.ShouldContain("not earned");
        Only<Decision.Issue>(person.With(Completion("DATA-9", "2025-03-01")).Decide(book)).Award.EarnedAt.ShouldBe(Day("2025-03-01"));
    }

    [Fact]
    public void Courses_further_apart_than_the_window_do_not_earn_but_a_retake_inside_it_does()
    {
        RuleBook book = Book.Of("earn: { all: [ { course: A }, { course: B } ], within: 6 months }");
        Person person = new Person().With(Completion("A", "2024-01-01"), Completion("B", "2025-01-01"));
        Only<Decision.Skip>(person.Decide(book)).Reason.ShouldContain("within 6 months");
        Only<Decision.Issue>(person.With(Completion("A", "2025-03-01", attempt: 2)).Decide(book)).Award.EarnedAt.ShouldBe(Day("2025-03-01"));
    }

    [Theory]
    [InlineData(">= 80 %", 0.80, true)]
    [InlineData(">= 80 %", 0.7999, false)]
    [InlineData("> 80 %", 0.80, false)]
    [InlineData(">= 60 of 100", 0.60, true)]
    [InlineData("< 50 %", 0.49, true)]
    public void A_score_is_compared_with_its_unit(string condition, double scaled, bool earns)
    {
        RuleBook book = Book.Of($"earn: {{ course: {{ key: A, score: \"{condition}\" }} }}");
        (new Person().With(Completion("A", "2025-01-01", (decimal)scaled)).Decide(book).Single() is Decision.Issue).ShouldBe(earns);
    }

    [Theory]
    [InlineData(60, 100, true)]
    [InlineData(59, 100, false)]
    [InlineData(30, 50, true)]
    [InlineData(29, 50, false)]
    [InlineData(60, null, true)]
    public void Points_are_compared_as_points_and_other_scales_as_fractions(int raw, int? max, bool earns)
    {
        RuleBook book = Book.Of("earn: { course: { key: A, score: \">= 60 of 100\" } }");
        Completion completion = Completion("A", "2025-01-01") with { Score = new Score { Raw = raw, Max = max } };
        (new Person().With(completion).Decide(book).Single() is Decision.Issue).ShouldBe(earns);
    }

    [Fact]
    public void A_course_that_was_not_passed_does_not_count_unless_the_rule_says_so()
    {
        Person person = new Person().With(Completion("A", "2025-01-01", passed: false));
        Only<Decision.Skip>(person.Decide(Book.Of("earn: { course: A }"))).Reason.ShouldContain("not passed");
        Only<Decision.Issue>(person.Decide(Book.Of("earn: { course: { key: A, passed: false } }")));
        Only<Decision.Skip>(new Person().With(Completion("A", "2025-01-01")).Decide(Book.Of("earn: { course: { key: A, passed: true } }"))).Reason.ShouldContain("does not say that it was passed");
    }

    [Fact]
    public void Days_begin_at_midnight_of_the_organisation()
    {
        RuleBook book = Book.Of("earn: { course: { key: A, completed: { from: 2025-01-01, to: 2025-01-31 } } }");
        IsEarned("2024-12-31T22:59:59Z", TimePrecision.Instant).ShouldBeFalse();
        IsEarned("2024-12-31T23:00:00Z", TimePrecision.Instant).ShouldBeTrue();
        IsEarned("2025-01-31T22:59:59Z", TimePrecision.Instant).ShouldBeTrue();
        IsEarned("2025-01-31T23:00:00Z", TimePrecision.Instant).ShouldBeFalse();
        IsEarned("2025-01-31T00:00:00Z", TimePrecision.Date).ShouldBeTrue();
        IsEarned("2025-02-01T00:00:00Z", TimePrecision.Date).ShouldBeFalse();

        bool IsEarned(string at, TimePrecision precision) =>
            new Person().With(Completion("A", at, precision: precision)).Decide(book).Single() is Decision.Issue;
    }

    [Fact]
    public void A_credential_that_is_earned_now_counts_for_the_rule_that_asks_for_it()
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("top", "earn: { all: [ { course: B }, { credential: base } ] }"));
        IReadOnlyList<Decision> decisions = new Person().With(Completion("B", "2025-01-01"), Completion("A", "2025-02-01")).Decide(book);
        decisions.Select(d => (d.Definition, d.GetType().Name)).ShouldBe([("base", "Issue"), ("top", "Issue")]);
        ((Decision.Issue)decisions[1]).Award.EarnedAt.ShouldBe(Day("2025-02-01"));
    }

    [Fact]
    public void A_credential_that_had_expired_when_the_course_was_completed_does_not_count()
    {
        RuleBook book = Book.Of(("base", "valid: { for: 12 months }\nearn: { course: A }"), ("top", "earn: { all: [ { course: B }, { credential: base } ] }"));
        Person person = new Person().With(Completion("B", "2025-06-01")).Holding("base", "2024-01-01", "2025-01-01", occurrence: "x");
        person.Decide(book).Single(d => d.Definition == "top").ShouldBeOfType<Decision.Skip>().Reason.ShouldContain("valid");
        person.With(Completion("A", "2025-09-01"));
        person.Decide(book).Single(d => d.Definition == "top").ShouldBeOfType<Decision.Issue>().Award.EarnedAt.ShouldBe(Day("2025-09-01"));
    }

    [Theory]
    [InlineData(IssuanceState.Planned, "already planned")]
    [InlineData(IssuanceState.Sent, "already sent to the issuer")]
    [InlineData(IssuanceState.Issued, "already issued")]
    [InlineData(IssuanceState.Refused, "already refused")]
    [InlineData(IssuanceState.Held, "already held")]
    public void What_the_ledger_holds_is_not_issued_again(IssuanceState state, string reason)
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Only<Decision.Skip>(new Person().With(Completion("A", "2025-01-01")).Holding("badge", "2025-01-01", state: state).Decide(book)).Reason.ShouldStartWith(reason);
    }

    [Fact]
    public void A_hold_that_facts_settle_is_issued_and_one_for_another_cause_is_left_to_people()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Person person = new Person().With(Completion("A", "2025-01-01"));
        Only<Decision.Issue>(person.Holding("badge", "2025-01-01", state: IssuanceState.Held, cause: HoldCauses.ConsentMissing).Decide(book));
        Person inDoubt = new Person().With(Completion("A", "2025-01-01")).Holding("badge", "2025-01-01", state: IssuanceState.Held, cause: "in-doubt");
        Only<Decision.Skip>(inDoubt.Decide(book));
    }

    [Fact]
    public void Refused_consent_holds_and_consent_that_is_given_later_settles_it()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Person person = new Person().With(Completion("A", "2025-01-01", consent: false));
        Only<Decision.Hold>(person.Settle(book)).Cause.ShouldBe("consent-missing");
        Only<Decision.Skip>(person.Settle(book));
        Only<Decision.Issue>(person.Replace(Completion("A", "2025-01-01", consent: true)).Settle(book));
    }

    [Fact]
    public void Consent_that_is_taken_back_keeps_back_what_was_planned_and_not_what_was_sent()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Person person = new Person().With(Completion("A", "2025-01-01", consent: false));
        Only<Decision.Hold>(person.Holding("badge", "2025-01-01", state: IssuanceState.Planned).Decide(book)).Cause.ShouldBe("consent-missing");
        Person sent = new Person().With(Completion("A", "2025-01-01", consent: false)).Holding("badge", "2025-01-01", state: IssuanceState.Sent);
        Only<Decision.Skip>(sent.Decide(book)).Reason.ShouldStartWith("already sent");
        Person willing = new Person().With(Completion("A", "2025-01-01", consent: true)).Holding("badge", "2025-01-01", state: IssuanceState.Planned);
        Only<Decision.Skip>(willing.Decide(book)).Reason.ShouldStartWith("already planned");
    }

    [Fact]
    public void An_issuer_that_asks_for_consent_holds_where_the_platform_says_nothing()
    {
        RuleBook book = Book.Of("issue: { by: second }\nearn: { course: A }");
        Only<Decision.Hold>(new Person().With(Completion("A", "2025-01-01")).Decide(book)).Cause.ShouldBe("consent-missing");
        Only<Decision.Issue>(new Person().With(Completion("A", "2025-01-01", consent: true)).Decide(book));
    }

    [Fact]
    public void A_completion_without_a_date_holds_and_a_dated_one_beside_it_earns()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Decision.Hold hold = Only<Decision.Hold>(new Person().With(Completion("A", null)).Decide(book));
        hold.Cause.ShouldBe("earned-date-unknown");
        hold.Award.ShouldBeNull();
        Only<Decision.Issue>(new Person().With(Completion("A", null), Completion("A", "2025-01-01", attempt: 2)).Decide(book)).Award.EarnedAt.ShouldBe(Day("2025-01-01"));
    }

    [Fact]
    public void A_completion_dated_in_the_future_is_held()
    {
        RuleBook book = Book.Of("earn: { course: A }");
        Only<Decision.Hold>(new Person().With(Completion("A", "2026-08-01")).Decide(book)).Cause.ShouldBe("earned-date-in-future");
    }

    [Fact]
    public void Approval_holds_with_the_facts_of_the_award()
    {
        RuleBook book = Book.Of("approval: { by: learning-team }\nearn: { course: A }");
        Decision.Hold hold = Only<Decision.Hold>(new Person().With(Completion("A", "2025-01-01")).Decide(book));
        hold.Cause.ShouldBe("approval");
        hold.Award!.EarnedAt.ShouldBe(Day("2025-01-01"));
        hold.Remedy.ShouldContain("learning-team");
    }

    [Fact]
    public void What_excludes_from_it_wins()
    {
        RuleBook book = Book.Of("earn: { course: A }\nunless: { course: B }");
        Only<Decision.Issue>(new Person().With(Completion("A", "2025-01-01")).Decide(book));
        Only<Decision.Skip>(new Person().With(Completion("A", "2025-01-01"), Completion("B", "2025-02-01")).Decide(book)).Reason.ShouldBe("excluded by: course B");
    }

    [Fact]
    public void Each_further_issuer_has_an_issuance_of_its_own()
    {
        RuleBook book = Book.Of("issue: { by: badges, also: [ { issuer: second, template: t-1 } ] }\nearn: { course: A }");
        Person person = new Person().With(Completion("A", "2025-01-01", consent: true));
        IReadOnlyList<Decision.Issue> issues = [.. person.Decide(book).Cast<Decision.Issue>()];
        issues.Select(i => (i.Issuer, i.Occurrence)).ShouldBe([("badges", "once"), ("second", "once@second")]);
        IssuancePlanner.Plan(issues[1], book).Credential.Template.ShouldBe("t-1");
        person.Settle(book);
        Only<Decision.Skip>(person.Decide(book)).Reason.ShouldBe("already issued");
    }

    [Fact]
    public void The_score_of_a_single_course_is_the_score_of_the_award()
    {
        Completion completion = Completion("A", "2025-01-01") with { Score = new Score { Raw = 45, Max = 50, Text = "A-" } };
        Decision.Issue issue = Only<Decision.Issue>(new Person().With(completion).Decide(Book.Of("earn: { course: A }")));
        issue.Award.ScoreScaled.ShouldBe(0.9m);
        issue.Award.ScoreText.ShouldBe("A-");
    }

    [Fact]
    public void People_whom_no_rule_concerns_get_no_decision_and_cost_no_memory()
    {
        RuleBook book = Book.Of(("badge", "earn: { course: A }"), ("other", "earn: { course: \"B-*\" }"));
        PersonHistory history = new Person().With(Completion("C", "2025-01-01"), Completion("AB", "2025-01-01")).History;
        book.Decide(history, Now).ShouldBeEmpty();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            book.Decide(history, Now);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100);
    }

    [Fact]
    public void The_revision_changes_with_what_is_said_and_not_with_how()
    {
        string revision = Book.Of("earn: { course: A }").Revision;
        Book.Of("# a comment\nearn:\n  course: { key: A }").Revision.ShouldBe(revision);
        Book.Of("earn: { course: B }").Revision.ShouldNotBe(revision);
        Book.Of("earn: { course: A }\nvalid: { for: 2 years }").Revision.ShouldNotBe(revision);
    }

    [Fact]
    public void Explaining_names_the_nearest_thing_that_is_missing()
    {
        RuleBook book = Book.Of(("base", "earn: { course: Z }"), ("badge", "earn: { any: [ { all: [ { course: X }, { course: Y } ] }, { course: { key: A, score: \">= 80 %\" } } ] }"));
        Decision decision = book.Explain(new Person().With(Completion("A", "2025-01-01", 0.7m)).History, "badge", Now).Single();
        decision.ShouldBeOfType<Decision.Skip>().Reason.ShouldBe("not earned: course A is completed, but the score is not ≥ 80 %");
        decision.Trace.Children.Count.ShouldBe(2);
        decision.Trace.Children[1].Facts.ShouldBe(["moodle/7|A||1"]);
        book.Explain(new Person().History, null, Now).Count.ShouldBe(2);
        book.Explain(new Person().History, "nothing", Now).ShouldBeEmpty();
    }

    private static T Only<T>(IReadOnlyList<Decision> decisions)
        where T : Decision => decisions.ShouldHaveSingleItem().ShouldBeOfType<T>();
}
