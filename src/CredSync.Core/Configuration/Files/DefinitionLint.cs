using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>What one definition's parts say about each other.</summary>
internal static class DefinitionLint
{
    /// <summary>Checks a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="root">Its file, for the places.</param>
    /// <param name="findings">Those of its file so far; while there are errors among them, mere suspicions are not added.</param>
    public static void Check(CredentialDefinition definition, MappingNode root, FindingList findings)
    {
        CheckRenewal(definition, root, findings);
        CheckOccurrence(definition, root, findings);
        CheckExclusion(definition, findings);
        if (findings.Errors > 0)
        {
            return;
        }

        foreach (Rule rule in definition.Earn.All())
        {
            CheckCourse(rule, findings);
            CheckRepeats(rule, findings);
        }
    }

    private static void CheckRenewal(CredentialDefinition definition, MappingNode root, FindingList findings)
    {
        if (definition.Validity is not { RenewWithin: { } within } validity)
        {
            return;
        }

        FilePosition position = root.Mapping("valid")!.PositionOf("renew_within");
        if (within.ApproximateDays >= validity.For.ApproximateDays)
        {
            findings.Add(Codes.Renewal, position, $"It could be renewed {within} before its expiry, but is only valid for {validity.For}.", "shorten 'renew_within'");
        }
        else if (definition.Occurrence != Occurrence.Once)
        {
            findings.Add(Codes.Renewal, position, "Only a credential with 'occurrence: once' is renewed; this one is earned anew anyway.", "remove 'renew_within'");
        }
    }

    private static void CheckOccurrence(CredentialDefinition definition, MappingNode root, FindingList findings)
    {
        if (definition.Occurrence == Occurrence.Once)
        {
            return;
        }

        FilePosition position = root.PositionOf("occurrence");
        string word = root.Text("occurrence") ?? "";
        if (!definition.Earn.All().OfType<CourseRule>().Any())
        {
            findings.Add(Codes.Occurrence, position, $"With 'occurrence: {word}' the rule needs a course: nothing else happens more than once.", "write occurrence: once");
        }
        else if (definition.Occurrence == Occurrence.Each && CompletionsNeeded(definition.Earn) > 1)
        {
            findings.Add(Codes.Occurrence, position, "With 'occurrence: each' one completion must be enough to earn it, but the rule asks for several.",
                "write occurrence: per-year or per-cohort, or make a credential of the other courses and ask for that");
        }
    }

    // The fewest completions that can fulfil the rule.
    private static int CompletionsNeeded(Rule rule) => rule switch
    {
        CourseRule => 1,
        AllRule all => all.Rules.Sum(CompletionsNeeded),
        AnyRule any => any.Rules.Min(CompletionsNeeded),
        AtLeastRule some => some.Rules.Select(CompletionsNeeded).Order().Take(some.Count).Sum() + Math.Max(0, some.Count - some.Rules.Count),
        _ => 0,
    };

    private static void CheckExclusion(CredentialDefinition definition, FindingList findings)
    {
        if (definition.Unless is not { } unless)
        {
            return;
        }

        IReadOnlyList<Rule> excluding = unless is AnyRule any ? any.Rules : [unless];
        IEnumerable<Rule> needed = definition.Earn is AllRule all ? all.Rules.Append(definition.Earn) : [definition.Earn];
        if (needed.FirstOrDefault(r => excluding.Any(e => Follows(r, e))) is { } contradiction)
        {
            findings.Add(Codes.NeverEarned, unless.Position, $"What earns it excludes from it: {contradiction}.", "remove one of the two");
        }
    }

    // Whether whoever fulfils one rule fulfils the other as well: it says the same, or the same of a course with fewer conditions.
    private static bool Follows(Rule narrow, Rule wide) => RuleBookRevision.Canonical(narrow) == RuleBookRevision.Canonical(wide)
        || (narrow is CourseRule a && wide is CourseRule b
            && (b.Source is null || b.Source == a.Source) && (b.Key is null || b.Key == a.Key || (a.Key is { } key && !key.Contains('*', StringComparison.Ordinal) && new CourseGlob(b.Key).Matches(key)))
            && (b.Tag is null || b.Tag == a.Tag) && (b.Run is null || b.Run == a.Run) && (b.ContentType is null || b.ContentType == a.ContentType) && b.Attributes.All(a.Attributes.Contains)
            && (b.Score is null || b.Score == a.Score) && (b.Passed is null ? a.Passed != false : b.Passed == a.Passed) && (b.From is null || b.From <= a.From) && (b.To is null || b.To >= a.To));

    private static void CheckCourse(Rule rule, FindingList findings)
    {
        if (rule is CourseRule { Tag: null, Run: null, Attributes.Count: 0, ContentType: null } course && (course.Key ?? "*").Trim('*').Length == 0)
        {
            findings.Add(Codes.AnyCourse, course.Position, $"This is met by {course}.", "name the course by 'key' or 'tag'");
        }
    }

    private static void CheckRepeats(Rule rule, FindingList findings)
    {
        HashSet<string> seen = [];
        foreach (Rule child in rule.Children)
        {
            if (!seen.Add(RuleBookRevision.Canonical(child)))
            {
                findings.Add(Codes.Repeated, child.Position, $"This is written twice: {child}.", "remove it");
            }
        }
    }
}
