using CredSync.Core.Rules;

namespace CredSync.Core.Configuration;

/// <summary>What only those can tell who have seen what the platforms say: rules on courses that nobody ever completed there.</summary>
public static class OnlineLint
{
    /// <summary>Reports conditions on courses that a source has never told of.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="seen">The courses of which each source has told a completion, by source and course key.</param>
    /// <returns>The findings, in the order of file and line. Sources that never told anything are passed over: nothing is known of them.</returns>
    public static IReadOnlyList<Finding> Check(Configuration configuration, IReadOnlyCollection<(string Source, string Course)> seen)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(seen);
        var findings = new FindingList();
        ILookup<string, string> courses = seen.ToLookup(s => s.Source, s => s.Course, StringComparer.Ordinal);
        foreach (CredentialDefinition definition in configuration.RuleBook.Definitions)
        {
            foreach (CourseRule rule in (definition.Unless is null ? definition.Earn.All() : definition.Earn.All().Concat(definition.Unless.All())).OfType<CourseRule>())
            {
                if (rule.Key is { } key)
                {
                    Check(rule, key, courses, configuration, findings);
                }
            }
        }

        return findings.Sorted();
    }

    private static void Check(CourseRule rule, string key, ILookup<string, string> courses, Configuration configuration, FindingList findings)
    {
        string[] sources = [.. configuration.Sources.Select(s => s.Name).Where(s => (rule.Source is null || rule.Source == s) && courses.Contains(s))];
        var glob = new CourseGlob(key);
        if (sources.Length > 0 && !sources.Any(s => courses[s].Any(glob.Matches)))
        {
            findings.Add(Codes.NeverSeen, rule.Position, $"{Show.And(sources)} never told of a completion of {Show.Text(key)}.",
                Suggest.DidYouMean(key, [.. sources.SelectMany(s => courses[s]).Distinct(StringComparer.Ordinal)]) ?? "compare it with the platform's course key; a new course has none yet");
        }
    }
}
