using CredSync.Completions;
using CredSync.Core.Rules;

namespace CredSync.Benchmarks;

/// <summary>P4: 1 000 rules decide about 1 M completions of 100 000 people; the yardstick is a dictionary look-up for each completion.</summary>
internal static class DecideBenchmark
{
    private const int Rules = 1_000;
    private const int People = 100_000;
    private const int Each = 10;

    public static Figure Run()
    {
        RuleBook book = PlayConfiguration.Read(PlayConfiguration.Files(Rules)).RuleBook;
        DateTimeOffset now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        PersonHistory[] people = Histories();
        Dictionary<string, int> lookup = Enumerable.Range(0, Rules).ToDictionary(i => $"C-{i}", i => i, StringComparer.Ordinal);
        long issued = 0, found = 0;
        (double ours, double yardstick) = Measure.InTurn(
            () =>
            {
                issued = 0;
                foreach (PersonHistory person in people)
                {
                    foreach (Decision decision in book.Decide(person, now))
                    {
                        issued += decision is Decision.Issue ? 1 : 0;
                    }
                }
            },
            () =>
            {
                found = 0;
                foreach (PersonHistory person in people)
                {
                    foreach (Completion completion in person.Completions)
                    {
                        found += lookup.TryGetValue(completion.Course.Key, out int rule) ? rule : 0;
                    }
                }
            },
            rounds: 5);
        double perSecond = People * Each / ours;
        return new Figure(
            "P4", $"deciding {People * Each / 1_000_000} M completions, {Rules} rules, {issued:N0} issued", Measure.Words($"{perSecond:N0} decisions/s a core"), Measure.Words($"{People * Each / yardstick:N0} look-ups/s ({found % 10})"),
            Measure.Words($"{yardstick / ours:0.000}"), "≥ 500,000 decisions/s a core");
    }

    private static PersonHistory[] Histories()
    {
        var dice = new Random(4);
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return [.. Enumerable.Range(0, People).Select(p => new PersonHistory
        {
            Subject = NameBasedUuid.Create(Guid.Empty, $"{p}"),
            Completions = [.. Enumerable.Range(0, Each).Select(_ => dice.Next(Rules)).Distinct().Select(c => new Completion
            {
                Key = new CompletionKey("play", $"{p}|{c}|1"),
                Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, $"{p}")],
                Course = new Course { Key = $"C-{c}" },
                Status = CompletionStatus.Completed,
                CompletedAt = start.AddMinutes(dice.Next(500_000)),
                CompletedAtPrecision = TimePrecision.Instant,
                Score = new Score { Scaled = dice.Next(101) / 100m },
            })],
        })];
    }
}
