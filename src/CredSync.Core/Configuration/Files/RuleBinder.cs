using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>Makes rules of what is written, and reports names that lead nowhere and conditions that contradict themselves.</summary>
internal sealed class RuleBinder(NameTable names, FindingList findings)
{
    /// <summary>Makes a rule; null when its own keys do not tell which one it is, which the checker has reported.</summary>
    public Rule? Bind(Node? node)
    {
        if (node is not MappingNode mapping)
        {
            return null;
        }

        Period? within = mapping.Text("within") is { } text && Period.TryParse(text, out Period period) ? period : null;
        if (mapping.Find("course") is { } course)
        {
            return BindCourse(course, mapping.Position);
        }

        if (mapping.Scalar("credential") is { } credential)
        {
            names.Require(FileKind.Credential, credential, findings);
            return new CredentialRule(credential.Text) { Position = credential.Position };
        }

        if (mapping.Sequence("all") is { } all)
        {
            return Bind(all) is { } rules ? new AllRule(rules) { Position = mapping.Position, Within = within, InOrder = mapping.Text("in_order") == "true" } : null;
        }

        if (mapping.Sequence("any") is { } any)
        {
            return Bind(any) is { } rules ? new AnyRule(rules) { Position = mapping.Position, Within = within } : null;
        }

        if (mapping.Scalar("at_least") is { } count && mapping.Sequence("of") is { } of && Bind(of) is { } some
            && int.TryParse(count.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int needed) && needed > 0)
        {
            CheckCount(count, needed, some);
            return new AtLeastRule(needed, some) { Position = mapping.Position, Within = within };
        }

        return null;
    }

    private List<Rule>? Bind(SequenceNode list)
    {
        List<Rule> rules = [];
        foreach (Node item in list.Items)
        {
            if (Bind(item) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules.Count == list.Items.Count && rules.Count > 0 ? rules : null;
    }

    private CourseRule? BindCourse(Node node, FilePosition position)
    {
        if (node is ScalarNode { IsEmpty: false } key)
        {
            return new CourseRule { Key = key.Text, Position = key.Position };
        }

        if (node is not MappingNode course)
        {
            return null;
        }

        if (course.Scalar("source") is { } source)
        {
            names.Require(FileKind.Source, source, findings);
        }

        CheckTag(course);
        MappingNode? completed = course.Mapping("completed");
        DateOnly? from = Date(completed, "from");
        DateOnly? to = Date(completed, "to");
        if (from > to)
        {
            findings.Add(Codes.EmptyRange, completed!.PositionOf("to"), "The last day is before the first: no date lies between them.", "swap them");
        }

        ScoreCondition? score = course.Text("score") is { } text && ScoreCondition.TryParse(text, out ScoreCondition condition) ? condition : null;
        if (score is { } asked)
        {
            CheckScore(asked, course.PositionOf("score"));
            CheckGiven(course);
        }

        return new CourseRule
        {
            Position = position,
            Source = course.Text("source"),
            Key = course.Text("key"),
            Tag = course.Text("tag"),
            Run = course.Text("run"),
            Attributes = [.. course.Mapping("attributes")?.Entries.Where(e => e.Value is ScalarNode).Select(e => KeyValuePair.Create(e.Key.Text, ((ScalarNode)e.Value).Text)) ?? []],
            ContentType = course.Text("type") switch
            {
                "course" => ContentType.Course,
                "program" => ContentType.Program,
                "module" => ContentType.Module,
                "activity" => ContentType.Activity,
                _ => null,
            },
            Score = score,
            Passed = course.Text("passed") switch { "true" => true, "false" => false, _ => null },
            From = from,
            To = to,
        };
    }

    private void CheckTag(MappingNode course)
    {
        if (course.Scalar("tag") is not { } tag)
        {
            return;
        }

        if (!names.Tags.TryGetValue(tag.Text, out HashSet<string>? sources))
        {
            findings.Add(Codes.UnknownTag, tag.Position, $"No source gives courses the tag '{Show.Text(tag.Text)}'.", Suggest.DidYouMean(tag.Text, names.Tags.Keys) ?? "add it under 'tags' in a file of sources/");
        }
        else if (course.Text("source") is { } source && names.Sources.Contains(source) && !sources.Contains(source))
        {
            findings.Add(Codes.UnknownTag, tag.Position, $"The source '{source}' gives no course the tag '{Show.Text(tag.Text)}'.", $"{Show.And([.. sources.Order(StringComparer.Ordinal)])} does");
        }
    }

    private void CheckScore(ScoreCondition score, FilePosition position)
    {
        decimal fraction = score.Fraction;
        bool impossible = score.Comparison switch
        {
            ScoreComparison.AtLeast => fraction > 1,
            ScoreComparison.Above => fraction >= 1,
            ScoreComparison.Below => fraction <= 0,
            _ => false,
        };
        if (impossible)
        {
            findings.Add(Codes.ImpossibleScore, position, $"No score is {score}: the best is the whole.", null);
        }
    }

    // Some platform that the condition can be met on must tell scores; without one, the course would never count.
    private void CheckGiven(MappingNode course)
    {
        IEnumerable<string> asked = course.Text("source") is { } source ? [source]
            : course.Text("tag") is { } tag && names.Tags.TryGetValue(tag, out HashSet<string>? givers) ? givers
            : names.Sources;
        string[] silent = [.. asked.Order(StringComparer.Ordinal)];
        if (silent.Length > 0 && Array.TrueForAll(silent, names.WithoutScores.Contains))
        {
            findings.Add(Codes.NoScore, course.PositionOf("score"), $"{Show.And(silent)} {(silent.Length == 1 ? "tells" : "tell")} no scores as configured, so this would never be met.",
                "let the source's file say where scores stand, or ask for 'passed' instead");
        }
    }

    // A course rule with a pattern, a tag or no key may be met by many courses; every other node counts once.
    private void CheckCount(ScalarNode count, int needed, List<Rule> rules)
    {
        bool isOpen = rules.Exists(r => r is CourseRule course && (course.Key is null || course.Key.Contains('*', StringComparison.Ordinal)));
        if (!isOpen && needed > rules.Count)
        {
            findings.Add(Codes.TooMany, count.Position, string.Create(CultureInfo.InvariantCulture, $"At least {needed} are asked for, but 'of' has only {rules.Count}."), null);
        }
    }

    private static DateOnly? Date(MappingNode? completed, string key) =>
        completed?.Text(key) is { } text && Scalars.TryDate(text, out DateOnly date) ? date : null;
}
