using CredSync.Completions;
using CredSync.Core.Rules;
using CsCheck;

namespace CredSync.Core.Tests.Rules;

/// <summary>Lengths of time: what is found by sweeping over the dates is what is found by asking the whole rule for each date.</summary>
public sealed class WindowTests
{
    private static readonly string[] Courses = ["A", "B", "C", "STAT-1", "STAT-2", "STAT-3"];

    private static readonly Gen<Rule> Leaf = Gen.OneOf(
        Gen.OneOf(Courses).Select(Rule (key) => new CourseRule { Key = key }),
        Gen.Const<Rule>(new CourseRule { Key = "STAT-*" }),
        Gen.Const<Rule>(new CourseRule { Key = "A", Score = new ScoreCondition(ScoreComparison.AtLeast, 50, null) }));

    private static readonly Gen<Rule> Node = Gen.Recursive<Rule>((depth, node) => depth > 1 ? Leaf : Gen.OneOf(Leaf, Leaf, Group(node)));

    // Days and instants, also some without a date, close together so that windows decide; ends of months, where a month before two days may be one day.
    private static readonly Gen<Completion> Fact = Gen.Select(
        Gen.OneOf(Courses), Gen.Int[0, 400], Gen.Int[0, 23], Gen.Int[0, 100], Gen.Frequency((10, Gen.Const(0)), (6, Gen.Const(1)), (1, Gen.Const(2))), Gen.Int[1, 40],
        static (course, day, hour, score, oddity, attempt) => Person.Completion(course, null, score / 100m, attempt: attempt, precision: oddity == 1 ? TimePrecision.Date : TimePrecision.Instant) with
        {
            CompletedAt = oddity == 2 ? null : new DateTimeOffset(2024, 1, 1, oddity == 1 ? 0 : hour, 0, 0, TimeSpan.Zero).AddDays(day),
        });

    private static readonly Gen<Completion[]> Facts = Fact.Array[8, 60].Select(facts => facts.DistinctBy(f => f.Key).ToArray());

    private static readonly Gen<Period> Length = Gen.OneOf(Gen.Int[1, 120].Select(d => new Period(0, d)), Gen.Int[1, 6].Select(m => new Period(m, 0)));

    // One east of Greenwich, one west of it, and one whose clocks once went back over midnight.
    private static readonly Gen<RuleBookSetting> Setting = Gen.OneOf("Europe/Madrid", "America/Los_Angeles", "America/Sao_Paulo").Select(zone => new RuleBookSetting { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) });

    [Fact]
    public void The_first_window_that_fulfils_a_rule_is_the_one_that_asking_for_each_date_finds() =>
        Gen.Select(Group(Node), Length, Facts, Setting).Sample((rule, length, facts, setting) =>
        {
            var evaluation = new Evaluation(new PersonHistory { Subject = Guid.Empty, Completions = facts });
            long swept = Compile(rule with { Within = length }, setting).When(evaluation, When.Start, When.End);
            swept.ShouldBe(OneByOne(Compile(rule, setting), length, evaluation));
        }, iter: 3000);

    [Fact]
    public void A_length_of_time_over_ten_thousand_completions_of_one_person_looks_at_each_a_few_times()
    {
        // Two courses that never lie close together: the worst case, since every date is tried. With the square of the facts this would not end.
        Completion[] facts =
        [
            .. Enumerable.Range(0, 10_000).Select(i => Person.Completion(i % 2 == 0 ? "A" : $"STAT-{i}", null, attempt: i) with { CompletedAt = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(i) }),
            Person.Completion("B", "2020-01-01"),
        ];
        RuleBook book = RuleBook.Create(
            [
                Definition("both", new AllRule([new CourseRule { Key = "A" }, new CourseRule { Key = "B" }]) { Within = new Period(0, 1) }),
                Definition("many", new AtLeastRule(60, [new CourseRule { Key = "STAT-*" }]) { Within = new Period(0, 100) }),
            ],
            RuleBookSetting.Default);
        book.Decide(new PersonHistory { Subject = Guid.Empty, Completions = facts }, Person.Now).ShouldAllBe(d => d is Decision.Skip);
    }

    private static Gen<Rule> Group(Gen<Rule> node) => Gen.Select(Gen.Int[0, 2], node.Array[1, 4], Gen.Int[1, 4]).Select(Rule (kind, nodes, count) => kind switch
    {
        0 => new AllRule(nodes),
        1 => new AnyRule(nodes),
        _ => new AtLeastRule(count, nodes),
    });

    // As it is said: the first date at which everything lies within the length of time that ends there.
    private static long OneByOne(RuleNode rule, Period length, Evaluation evaluation)
    {
        long whole = rule.When(evaluation, When.Start, When.End);
        foreach (long end in evaluation.Completions.Where(c => c.CompletedAt is not null).Select(c => c.CompletedAt!.Value.UtcTicks).Order())
        {
            if (whole != When.Never && rule.When(evaluation, length.Before(new DateTimeOffset(end, TimeSpan.Zero)).UtcTicks, end) < When.Undated)
            {
                return end;
            }
        }

        return whole == When.Undated ? whole : When.Never;
    }

    private static RuleNode Compile(Rule rule, RuleBookSetting setting) => new CompiledDefinition(Definition("badge", rule), 0, setting, _ => 0).Earn;

    private static CredentialDefinition Definition(string id, Rule earn) => new() { Id = id, Name = id, Description = "d", Criteria = "c", Issuers = [new IssuerChoice("badges", null)], Earn = earn };
}
