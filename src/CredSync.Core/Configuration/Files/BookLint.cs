using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>What definitions say about each other.</summary>
internal static class BookLint
{
    /// <summary>Reports credentials that ask for each other in a circle.</summary>
    public static void CheckCycles(IReadOnlyList<CredentialDefinition> definitions, FindingList findings)
    {
        CredentialOrder.Sort(definitions, out List<IReadOnlyList<string>> cycles);
        foreach (IReadOnlyList<string> cycle in cycles)
        {
            CredentialDefinition first = definitions.First(d => d.Id == cycle[0]);
            string next = cycle[cycle.Count > 1 ? 1 : 0];
            CredentialRule asking = CredentialOrder.AskedFor(first).First(r => r.Credential == next);
            findings.Add(Codes.Cycle, asking.Position,
                cycle.Count == 1 ? $"'{first.Id}' asks for itself." : $"Credentials ask for each other in a circle: {string.Join(" asks for ", cycle.Append(cycle[0]))}.",
                "nobody could ever earn them; remove one of these conditions");
        }
    }

    /// <summary>Reports credentials that people could mistake for each other.</summary>
    public static void CheckLookAlikes(IReadOnlyList<CredentialDefinition> definitions, FindingList findings)
    {
        Dictionary<string, CredentialDefinition> byName = new(StringComparer.Ordinal);
        Dictionary<string, CredentialDefinition> byRule = new(StringComparer.Ordinal);
        foreach (CredentialDefinition definition in definitions.OrderBy(d => d.Id, StringComparer.Ordinal))
        {
            string name = Folded(definition.Name);
            if (!byName.TryAdd(name, definition))
            {
                findings.Add(Codes.LookAlike, definition.Position, $"'{definition.Id}' has {(IsSame(definition, byName[name]) ? "" : "almost ")}the same name as '{byName[name].Id}': people could not tell them apart.", "rename one of them");
                continue;
            }

            string rule = $"{definition.Occurrence}|{RuleBookRevision.Canonical(definition.Earn)}|{(definition.Unless is { } unless ? RuleBookRevision.Canonical(unless) : "")}";
            if (!byRule.TryAdd(rule, definition))
            {
                findings.Add(Codes.LookAlike, definition.Position, $"'{definition.Id}' is earned by the same rule as '{byRule[rule].Id}': everybody gets both.", "remove one of them, or list the second issuer under 'also'");
            }
        }
    }

    private static bool IsSame(CredentialDefinition a, CredentialDefinition b) => string.Equals(a.Name.Trim(), b.Name.Trim(), StringComparison.OrdinalIgnoreCase);

    // A name as people hear it: without case, spaces and signs, but for those that tell things apart, such as the plus of C++.
    private static string Folded(string name)
    {
        string plain = new([.. name.Where(c => char.IsLetterOrDigit(c) || c is '+' or '#').Select(char.ToLowerInvariant)]);
        return plain.Length == 0 ? name.Trim() : plain;
    }

    /// <summary>Reports rules on a course that does not have the tag that they ask for.</summary>
    public static void CheckTags(CredentialDefinition definition, RuleBookSetting setting, FindingList findings)
    {
        foreach (CourseRule course in definition.Earn.All().OfType<CourseRule>())
        {
            if (course is { Key: { } key, Tag: { } tag } && !key.Contains('*', StringComparison.Ordinal)
                && setting.Tagged(tag, course.Source) is { Count: > 0 } tagged && !tagged.Any(t => t.Holds(key)))
            {
                findings.Add(Codes.NeverEarned, course.Position, $"The course {Show.Text(key)} does not have the tag '{tag}': nothing meets both.", "remove one of the two");
            }
        }
    }
}
