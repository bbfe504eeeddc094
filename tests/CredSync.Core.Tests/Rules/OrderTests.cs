using CredSync.Completions;
using CredSync.Core.Plans;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

/// <summary>What must be done one after the other.</summary>
public sealed class OrderTests
{
    private static readonly RuleBook Climber = Book.Of("earn: { all: [{ course: ROPES }, { course: WALL }, { course: LEAD }], in_order: true }");

    [Theory]
    [InlineData("2025-01-01", "2025-02-01", "2025-03-01", "2025-03-01")]
    [InlineData("2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01")]
    [InlineData("2025-02-01", "2025-01-01", "2025-03-01", null)]
    [InlineData("2025-01-01", "2025-03-01", "2025-02-01", null)]
    public void Each_counts_from_when_the_one_before_it_was_met(string ropes, string wall, string lead, string? earned)
    {
        Decision decision = new Person().With(Person.Completion("LEAD", lead), Person.Completion("WALL", wall), Person.Completion("ROPES", ropes)).Decide(Climber).Single();
        (decision as Decision.Issue)?.Award.EarnedAt.ShouldBe(Person.Day(earned ?? "never"));
        (decision is Decision.Issue).ShouldBe(earned is not null);
    }

    [Fact]
    public void What_was_taken_too_early_is_taken_again()
    {
        Person ada = new Person().With(Person.Completion("WALL", "2025-01-01"), Person.Completion("ROPES", "2025-02-01"), Person.Completion("LEAD", "2025-04-01"));
        Decision skip = ada.Decide(Climber).Single();
        skip.Reason.ShouldContain("not in this order");
        skip.Trace.Children.Select(c => c.Met).ShouldBe([true, false, true]);
        NextSteps.Of(Climber.Definitions[0].Earn, skip.Trace).ShouldHaveSingleItem().ShouldStartWith("after course ROPES: complete course WALL");
        ada.With(Person.Completion("WALL", "2025-03-01", attempt: 2));
        Decision.Issue issue = ada.Decide(Climber).ShouldHaveSingleItem().ShouldBeOfType<Decision.Issue>();
        issue.Award.EarnedAt.ShouldBe(Person.Day("2025-04-01"));
        issue.Award.EarnedBy.Select(e => e.CompletedAt).ShouldBe([Person.Day("2025-02-01"), Person.Day("2025-03-01"), Person.Day("2025-04-01")]);
    }

    [Fact]
    public void What_a_platform_dates_to_the_day_may_have_been_at_any_time_of_that_day()
    {
        RuleBook book = Book.Of("earn: { all: [{ course: A }, { course: B }], in_order: true }");
        Completion morning = Person.Completion("A", "2025-02-01T09:00Z");
        new Person().With(morning, Person.Completion("B", "2025-02-01", precision: TimePrecision.Date)).Decide(book).Single().ShouldBeOfType<Decision.Issue>()
            .Award.EarnedAt.ShouldBe(Person.Day("2025-02-01T09:00Z"));
        new Person().With(morning, Person.Completion("B", "2025-01-31", precision: TimePrecision.Date)).Decide(book).Single().ShouldBeOfType<Decision.Skip>();

        // Half past eleven in the evening in UTC is the next day in Madrid.
        Completion night = Person.Completion("A", "2025-01-31T23:30Z");
        new Person().With(night, Person.Completion("B", "2025-01-31", precision: TimePrecision.Date)).Decide(book).Single().ShouldBeOfType<Decision.Skip>();
        new Person().With(night, Person.Completion("B", "2025-02-01", precision: TimePrecision.Date)).Decide(book).Single().ShouldBeOfType<Decision.Issue>();
    }

    [Fact]
    public void A_completion_without_a_date_has_no_place_in_the_order_yet_and_holds_it()
    {
        Person ada = new Person().With(Person.Completion("ROPES", "2025-01-01"), Person.Completion("WALL", null), Person.Completion("LEAD", "2025-04-01"));
        ada.Decide(Climber).Single().ShouldBeOfType<Decision.Hold>().Cause.ShouldBe(HoldCauses.EarnedDateUnknown);
        ada.Replace(Person.Completion("LEAD", "2024-04-01")).Decide(Climber).Single().ShouldBeOfType<Decision.Skip>();
    }

    [Fact]
    public void Groups_and_credentials_stand_in_an_order_as_courses_do()
    {
        RuleBook book = Book.Of(
            ("base", "earn: { course: ROPES }"),
            ("top", "earn: { all: [{ credential: base }, { at_least: 2, of: [{ course: \"WALL-*\" }] }, { any: [{ course: X }, { course: Y }] }], in_order: true, within: 3 months }"));
        Person ada = new Person().With(
            Person.Completion("ROPES", "2025-01-10"), Person.Completion("WALL-1", "2025-01-01"), Person.Completion("WALL-2", "2025-02-01"), Person.Completion("X", "2025-02-15"), Person.Completion("Y", "2025-03-15"));
        ada.Decide(book).OfType<Decision.Issue>().Select(i => i.Definition).ShouldBe(["base"]);
        ada.With(Person.Completion("WALL-3", "2025-03-01"));
        ada.Decide(book).OfType<Decision.Issue>().Single(i => i.Definition == "top").Award.EarnedAt.ShouldBe(Person.Day("2025-03-15"));
    }

    [Fact]
    public void The_order_is_part_of_what_a_rule_book_says() =>
        Climber.Revision.ShouldNotBe(Book.Of("earn: { all: [{ course: ROPES }, { course: WALL }, { course: LEAD }] }").Revision);
}
