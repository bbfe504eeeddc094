using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>Makes the stories of a credential's file.</summary>
internal sealed class TestBinder(NameTable names, FindingList findings)
{
    private const string Somebody = "somebody";

    // The one source that the rule under test names; null when it names none or several.
    private string? ruleSource;

    /// <summary>Makes the stories; those that the checker has reported as unreadable are left out.</summary>
    public IEnumerable<RuleTest> Bind(string credential, MappingNode root)
    {
        ruleSource = new[] { root.Find("earn"), root.Find("unless") }.OfType<Node>().SelectMany(SourcesIn).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var only] ? only : null;
        foreach (MappingNode test in root.Sequence("tests")?.Items.OfType<MappingNode>() ?? [])
        {
            List<RuleTestEvent> events = [.. test.Sequence("events")?.Items.OfType<MappingNode>().Select(BindEvent).OfType<RuleTestEvent>() ?? []];
            SequenceNode? expect = test.Sequence("expect");
            DateTimeOffset clock = Moment(test.Text("clock"), endOfDay: true) ?? Last(events, expect);
            RuleTestExpectation[] expectations = [.. expect?.Items.OfType<MappingNode>().Select(e => BindExpectation(e, clock)) ?? []];
            CheckTimes(test, events, clock);
            yield return new RuleTest
            {
                Credential = credential,
                Name = test.Text("name") ?? "",
                Clock = clock,
                Events = events,
                Expectations = expectations,
                Position = test.Position,
            };
        }
    }

    private RuleTestEvent? BindEvent(MappingNode node)
    {
        string person = node.Text("person") ?? Somebody;
        if (!Scalars.TryMoment(node.Text("at") ?? "", out DateTimeOffset at, out bool isDate))
        {
            return null;
        }

        if (node.Scalar("credential") is { } credential)
        {
            names.Require(FileKind.Credential, credential, findings);
            return new RuleTestEvent { At = at, Person = person, Credential = credential.Text, Expires = Moment(node.Text("expires"), endOfDay: false) };
        }

        if (node.Text("course") is not { } course || SourceOf(node) is not { } source)
        {
            return null;
        }

        (DateTimeOffset? completedAt, bool onlyDate) = node.Text("completed") switch
        {
            "unknown" => (null, false),
            { } text when Scalars.TryMoment(text, out DateTimeOffset moment, out bool date) => (moment, date),
            _ => ((DateTimeOffset?)at, isDate),
        };
        CompletionStatus status = Status(node.Text("status"));
        string attempt = node.Text("attempt") ?? "1";
        return new RuleTestEvent
        {
            At = at,
            Person = person,
            Completion = new Completion
            {
                Key = new CompletionKey(source, $"{person}|{course}|{node.Text("run")}|{attempt}"),
                Identifiers = [new PersonIdentifier(IdentifierKinds.Username, person)],
                Course = new Course
                {
                    Key = course,
                    Run = node.Text("run"),
                    Attributes = node.Mapping("attributes")?.Entries.Where(e => e.Value is ScalarNode)
                        .ToDictionary(e => e.Key.Text, e => ((ScalarNode)e.Value).Text, StringComparer.Ordinal) ?? [],
                },
                Status = status,
                CompletedAt = status == CompletionStatus.Completed ? completedAt : null,
                CompletedAtPrecision = onlyDate ? TimePrecision.Date : TimePrecision.Instant,
                Passed = Truth(node.Text("passed")),
                Score = BindScore(node.Text("score")),
                ConsentGiven = Truth(node.Text("consent")),
            },
        };
    }

    private string? SourceOf(MappingNode node)
    {
        if (node.Scalar("source") is { } source)
        {
            names.Require(FileKind.Source, source, findings);
            return source.Text;
        }

        if (names.Sources.Count == 1)
        {
            return names.Sources.First();
        }

        if (ruleSource is not null && names.Sources.Contains(ruleSource))
        {
            return ruleSource;
        }

        findings.Add(Codes.MissingKey, node.Position, "The event does not say which source told of it, and the rule does not name exactly one.", names.Sources.Count == 0 ? null : $"add source: {names.Sources.Order(StringComparer.Ordinal).First()}");
        return null;
    }

    private static IEnumerable<string> SourcesIn(Node node) => node switch
    {
        MappingNode mapping => mapping.Entries.SelectMany(e => e is { Key.Text: "source", Value: ScalarNode source } ? [source.Text] : SourcesIn(e.Value)),
        SequenceNode sequence => sequence.Items.SelectMany(SourcesIn),
        _ => [],
    };

    private static RuleTestExpectation BindExpectation(MappingNode node, DateTimeOffset clock) => new()
    {
        Person = node.Text("person") ?? Somebody,
        At = Moment(node.Text("at"), endOfDay: true) ?? clock,
        Earned = node.Text("earned"),
        Expires = node.Text("expires"),
        Times = int.TryParse(node.Text("times"), NumberStyles.None, CultureInfo.InvariantCulture, out int times) ? times : null,
        Held = node.Text("held"),
        Reason = node.Text("reason"),
        Position = node.Position,
    };

    // What happens after the present of the story is never seen: the author meant something else.
    private void CheckTimes(MappingNode test, List<RuleTestEvent> events, DateTimeOffset clock)
    {
        if (test.Text("clock") is null)
        {
            return;
        }

        IEnumerable<(MappingNode Node, string Key)> times = (test.Sequence("events")?.Items.OfType<MappingNode>().Select(n => (n, "at")) ?? [])
            .Concat(test.Sequence("expect")?.Items.OfType<MappingNode>().Select(n => (n, "at")) ?? []);
        foreach ((MappingNode node, string key) in times)
        {
            if (Scalars.TryMoment(node.Text(key) ?? "", out DateTimeOffset at, out _) && at > clock)
            {
                findings.Add(Codes.TestTime, node.PositionOf(key), $"This is after the test's clock, {clock.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, and would not be seen.", "move the clock");
            }
        }
    }

    private static DateTimeOffset Last(List<RuleTestEvent> events, SequenceNode? expect)
    {
        IEnumerable<DateTimeOffset> times = events.Select(e => EndOfDay(e.At))
            .Concat(expect?.Items.OfType<MappingNode>().Select(e => Moment(e.Text("at"), endOfDay: true)).OfType<DateTimeOffset>() ?? []);
        return times.DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
    }

    private static DateTimeOffset? Moment(string? text, bool endOfDay) =>
        !Scalars.TryMoment(text ?? "", out DateTimeOffset moment, out bool isDate) ? null : isDate && endOfDay ? EndOfDay(moment) : moment;

    private static DateTimeOffset EndOfDay(DateTimeOffset time) => new(time.UtcDateTime.Date.AddDays(1).AddTicks(-1), TimeSpan.Zero);

    private static Score? BindScore(string? text)
    {
        if (!ScoreText.TryParse(text ?? "", out decimal value, out decimal? outOf))
        {
            return null;
        }

        return outOf is null ? new Score { Scaled = value / 100 } : new Score { Raw = value, Min = 0, Max = outOf, Scaled = Math.Clamp(value / outOf.Value, 0, 1) };
    }

    private static CompletionStatus Status(string? text) => text switch
    {
        "not-completed" => CompletionStatus.NotCompleted,
        "withdrawn" => CompletionStatus.Withdrawn,
        "revoked" => CompletionStatus.Revoked,
        _ => CompletionStatus.Completed,
    };

    private static bool? Truth(string? text) => text switch { "true" => true, "false" => false, _ => null };
}
