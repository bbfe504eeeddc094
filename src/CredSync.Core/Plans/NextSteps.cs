using System.Globalization;
using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>What would have to happen for a rule to be fulfilled, read off how it came out.</summary>
public static class NextSteps
{
    /// <summary>The steps, each a sentence; all of them are needed.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="trace">How it came out.</param>
    /// <returns>Empty when the rule is met.</returns>
    public static IReadOnlyList<string> Of(Rule rule, RuleTrace trace)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.Met)
        {
            return [];
        }

        if (trace.Children.Count != rule.Children.Count)
        {
            return [trace.Missing ?? trace.Node];
        }

        List<(Rule Rule, RuleTrace Trace)> open = [.. rule.Children.Zip(trace.Children).Where(c => !c.Second.Met)];
        switch (rule)
        {
            case CourseRule:
                return [trace.Facts.Count == 0 ? $"complete {rule}" : $"complete {rule}; so far, {trace.Missing}"];
            case CredentialRule credential:
                return [$"earn the credential {credential.Credential}; so far, {trace.Missing}"];
            case AllRule { InOrder: true } when open.Count > 0:
                return
                [
                    .. rule.Children.Zip(trace.Children).Select((c, i) => (c.First, c.Second, After: i == 0 ? "" : $"after {rule.Children[i - 1]}: ")).Where(c => !c.Second.Met)
                        .SelectMany(c => Of(c.First, c.Second).Select(step => c.After + step)),
                ];
            case AllRule when open.Count > 0:
                return [.. open.SelectMany(c => Of(c.Rule, c.Trace))];
            case AnyRule when open.Count > 0:
                return [$"one of these: {string.Join(" · or ", open.Select(c => string.Join(" and ", Of(c.Rule, c.Trace))))}"];
            case AtLeastRule some when open.Count > 0:
                int more = Math.Max(1, some.Count - (rule.Children.Count - open.Count));
                return [string.Create(CultureInfo.InvariantCulture, $"{more} more of these: {string.Join(" · ", open.Select(c => string.Join(" and ", Of(c.Rule, c.Trace))))}")];
            default:
                return [trace.Missing ?? trace.Node];
        }
    }

    /// <summary>How many leaves are missing at least; 0 when the rule is met.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="trace">How it came out.</param>
    public static int MissingLeaves(Rule rule, RuleTrace trace)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.Met)
        {
            return 0;
        }

        if (rule.Children.Count == 0 || trace.Children.Count != rule.Children.Count)
        {
            return 1;
        }

        IEnumerable<int> below = rule.Children.Zip(trace.Children).Select(c => MissingLeaves(c.First, c.Second));
        int missing = rule switch
        {
            AllRule => below.Sum(),
            AtLeastRule some => below.Order().Take(some.Count).Sum(),
            _ => below.Min(),
        };

        // Everything is there, but not close enough together, or not in enough different courses.
        return Math.Max(1, missing);
    }

    /// <summary>The only leaf that is missing; null when none or more than one is, or when nothing is met yet.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="trace">How it came out.</param>
    public static string? OnlyMissing(Rule rule, RuleTrace trace) =>
        MissingLeaves(rule, trace) == 1 && Leaves(trace).Any(l => l.Met) ? Of(rule, trace)[0] : null;

    private static IEnumerable<RuleTrace> Leaves(RuleTrace trace) => trace.Children.Count == 0 ? [trace] : trace.Children.SelectMany(Leaves);
}
