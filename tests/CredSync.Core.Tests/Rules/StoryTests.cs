using CredSync.Core.Configuration;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

public sealed class StoryTests
{
    [Theory]
    [InlineData("earned: 2025-03-02", "expected earned on 2025-03-02, but it was earned on 2025-03-01; already issued.")]
    [InlineData("earned: never", "expected earned never, but it was earned on 2025-03-01; already issued.")]
    [InlineData("{ earned: 2025-03-01, times: 2 }", "expected earned on 2025-03-01, 2 times, but it was earned once; already issued.")]
    [InlineData("{ earned: 2025-03-01, expires: 2026-03-01 }", "expected earned on 2025-03-01, expiring on 2026-03-01, but it was earned on 2025-03-01; already issued.")]
    [InlineData("held: approval", "expected held for approval, but it was earned on 2025-03-01; already issued.")]
    [InlineData("{ person: ben, earned: 2025-03-01 }", "expected earned on 2025-03-01, but it was never earned; not earned: no completion of course A.")]
    [InlineData("{ person: cy, earned: 2025-03-01 }", "expected earned on 2025-03-01, but it is held for earned-date-unknown; already held, and waits to be settled.")]
    [InlineData("{ earned: 2025-03-01, reason: banana }", "expected earned on 2025-03-01, with the reason 'banana', but the reason does not hold these words; already issued.")]
    public void A_story_that_fails_says_what_was_expected_what_came_and_why(string expectation, string difference)
    {
        string item = expectation.StartsWith('{') ? expectation : $"{{ {expectation} }}";
        ConfigurationResult result = Book.Read(("badge",
            $"earn: {{ course: A }}\ntests:\n  - name: a story\n    events: [ {{ at: 2025-03-01, source: moodle, course: A }}, {{ at: 2025-03-01, person: cy, source: moodle, course: A, completed: unknown }} ]\n    expect:\n      - {item}\n"));
        RuleTestResult story = RuleTests.Run(result.Configuration!).Single();
        story.Passed.ShouldBeFalse();
        story.Difference!.ShouldEndWith(difference);
        Finding finding = RuleTests.ToFinding(story)!;
        (finding.Code, finding.File, finding.Line, finding.Column).ShouldBe(("RUL015", "credentials/badge.yaml", 10, 9));
    }

    [Fact]
    public void An_event_says_its_source_where_there_are_several() =>
        Book.Read(("badge", "earn: { course: A }\ntests: [ { name: t, events: [ { at: 2025-03-01, course: A } ], expect: [ { earned: never } ] } ]"))
            .Findings.Single(f => f.Severity == Severity.Error).Code.ShouldBe("CFG011");

    [Fact]
    public void Events_may_stand_in_any_order()
    {
        ConfigurationResult result = Book.Read(("badge",
            "valid: { for: 12 months }\nearn: { course: A }\ntests:\n  - name: t\n    events: [ { at: 2026-03-01, source: moodle, course: A, attempt: 2 }, { at: 2025-02-01, source: moodle, course: A } ]\n    expect: [ { times: 2, earned: 2026-03-01 }, { at: 2025-02-01, times: 1, earned: 2025-02-01, expires: 2026-02-01 } ]"));
        RuleTests.Run(result.Configuration!).ShouldAllBe(r => r.Passed);
    }
}
