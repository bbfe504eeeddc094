using CredSync.Core.Rules;
using CsCheck;
using static CredSync.Core.Tests.Rules.Person;

namespace CredSync.Core.Tests.Rules;

public sealed class ValueTests
{
    [Theory]
    [InlineData("24 months", 24, 0)]
    [InlineData("1 month", 1, 0)]
    [InlineData("2 years", 24, 0)]
    [InlineData("6 weeks", 0, 42)]
    [InlineData("90 days", 0, 90)]
    public void A_period_is_a_number_and_a_unit(string text, int months, int days)
    {
        Period.TryParse(text, out Period period).ShouldBeTrue();
        period.ShouldBe(new Period(months, days));
        Period.TryParse(period.ToString(), out Period again).ShouldBeTrue();
        again.ShouldBe(period);
    }

    [Theory]
    [InlineData("24")]
    [InlineData("0 months")]
    [InlineData("-1 months")]
    [InlineData("1.5 years")]
    [InlineData("24  months")]
    [InlineData("101 years")]
    [InlineData("two years")]
    [InlineData("99999999999 days")]
    public void Anything_else_is_not_a_period(string text) => Period.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Months_end_on_the_last_day_that_there_is()
    {
        new Period(1, 0).After(Day("2025-01-31")).ShouldBe(Day("2025-02-28"));
        new Period(12, 0).After(Day("2024-02-29")).ShouldBe(Day("2025-02-28"));
        new Period(1, 0).Before(Day("2025-03-31")).ShouldBe(Day("2025-02-28"));
        new Period(1200, 0).After(DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
        new Period(0, Period.LongestDays).Before(DateTimeOffset.MinValue).ShouldBe(DateTimeOffset.MinValue);
    }

    [Theory]
    [InlineData("80")]
    [InlineData(">= 80")]
    [InlineData("80 %")]
    [InlineData("=> 80 %")]
    [InlineData(">= eighty %")]
    [InlineData(">= 60 of 0")]
    [InlineData(">= -5 %")]
    public void A_condition_on_a_score_needs_a_comparison_and_a_unit(string text) => ScoreCondition.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("A", "A", true)]
    [InlineData("A", "AB", false)]
    [InlineData("A*", "A", true)]
    [InlineData("A*", "BA", false)]
    [InlineData("*B", "AB", true)]
    [InlineData("A*C*E", "ABCDE", true)]
    [InlineData("A*C*E", "AECE", true)]
    [InlineData("A*CC*E", "ACE", false)]
    [InlineData("AB*BA", "ABA", false)]
    [InlineData("course-v1:MITx+6.00.*+*", "course-v1:MITx+6.00.1x+2T2025", true)]
    [InlineData("course-v1:MITx+6.00.*+*", "course-v1:MITx+6X00.1x+2T2025", false)]
    [InlineData("?", "A", false)]
    public void A_star_stands_for_any_characters_and_nothing_else_is_special(string pattern, string text, bool matches) =>
        new CourseGlob(pattern).Matches(text).ShouldBe(matches);

    [Fact]
    public void A_pattern_matches_what_the_regular_expression_of_the_same_meaning_matches() =>
        Gen.Select(Gen.String[Gen.Char["ab*"], 0, 6], Gen.String[Gen.Char["ab"], 0, 8]).Sample((pattern, text) =>
        {
            string expression = "^" + string.Concat(pattern.Select(c => c == '*' ? "[ab]*" : c.ToString())) + "$";
            new CourseGlob(pattern).Matches(text).ShouldBe(System.Text.RegularExpressions.Regex.IsMatch(text, expression));
        });

    [Fact]
    public void A_rule_book_refuses_what_lint_would_have_found()
    {
        CredentialDefinition one = Definition("one", new CourseRule { Key = "A" });
        Should.Throw<ArgumentException>(() => RuleBook.Create([one, one], RuleBookSetting.Default)).Message.ShouldContain("'one'");
        Should.Throw<ArgumentException>(() => RuleBook.Create([Definition("two", new CredentialRule("gone"))], RuleBookSetting.Default)).Message.ShouldContain("'gone'");
        Should.Throw<ArgumentException>(() => RuleBook.Create([Definition("a", new CredentialRule("b")), Definition("b", new CredentialRule("a"))], RuleBookSetting.Default))
            .Message.ShouldContain("in a circle");
    }

    [Fact]
    public void A_chain_of_ten_thousand_credentials_is_decided_in_order()
    {
        CredentialDefinition[] chain = [.. Enumerable.Range(0, 10_000).Select(i => Definition($"c{i}", i == 0 ? new CourseRule { Key = "A" } : new CredentialRule($"c{i - 1}")))];
        IReadOnlyList<Decision> decisions = new Person().With(Completion("A", "2025-01-01")).Decide(RuleBook.Create(chain, RuleBookSetting.Default));
        decisions.Count.ShouldBe(10_000);
        decisions.ShouldAllBe(d => d is Decision.Issue);
    }

    private static CredentialDefinition Definition(string id, Rule earn) =>
        new() { Id = id, Name = id, Description = id, Criteria = id, Issuers = [new IssuerChoice("badges", null)], Earn = earn };
}
