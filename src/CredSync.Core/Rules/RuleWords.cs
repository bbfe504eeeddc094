using System.Globalization;

namespace CredSync.Core.Rules;

/// <summary>Rules in words.</summary>
internal static class RuleWords
{
    public static string Of(Rule rule)
    {
        string words = rule switch
        {
            CourseRule course => OfCourse(course),
            CredentialRule credential => $"credential {credential.Credential}",
            AllRule { InOrder: true } all => Join(all.Rules, ", then "),
            AllRule all => Join(all.Rules, " and "),
            AnyRule any => Join(any.Rules, " or "),
            AtLeastRule some => string.Create(CultureInfo.InvariantCulture, $"at least {some.Count} of {Join(some.Rules, ", ")}"),
            _ => "",
        };
        return rule.Within is { } within ? $"{words} within {within}" : words;
    }

    // Long lists would drown the reader; the nodes below say the rest.
    public static string OfGroup(Rule rule)
    {
        string words = rule switch
        {
            AllRule all => string.Create(CultureInfo.InvariantCulture, $"all {all.Rules.Count}{(all.InOrder ? " in this order" : "")}"),
            AnyRule any => string.Create(CultureInfo.InvariantCulture, $"any of {any.Rules.Count}"),
            AtLeastRule some => string.Create(CultureInfo.InvariantCulture, $"at least {some.Count} of {some.Rules.Count}"),
            _ => Of(rule),
        };
        return rule.Within is { } within && rule.Children.Count > 0 ? $"{words} within {within}" : words;
    }

    public static string Course(CourseRule course)
    {
        string words = course switch
        {
            { Key: { } key, Tag: { } tag } => $"course {key} tagged {tag}",
            { Key: { } key } => $"course {key}",
            { Tag: { } tag } => $"any course tagged {tag}",
            _ => "any course",
        };
        return course.Source is { } source ? $"{words} on {source}" : words;
    }

    private static string OfCourse(CourseRule course)
    {
        string words = Course(course);
        words += course.Run is { } run ? $", run {run}" : "";
        words += course.ContentType is { } type ? $", a {type.ToString().ToLowerInvariant()}" : "";
        foreach ((string name, string value) in course.Attributes)
        {
            words += $", {name} {value}";
        }

        words += course.Score is { } score ? $", score {score}" : "";
        words += course.Passed switch { true => ", passed", false => ", not passed", null => "" };
        return words + Range(course);
    }

    public static string Range(CourseRule course) => (course.From, course.To) switch
    {
        ({ } from, { } to) => $", completed from {Date(from)} to {Date(to)}",
        ({ } from, null) => $", completed from {Date(from)}",
        (null, { } to) => $", completed to {Date(to)}",
        _ => "",
    };

    public static string Date(DateOnly date) => date.ToString("o", CultureInfo.InvariantCulture);

    public static string Date(long ticks) => Date(DateOnly.FromDateTime(new DateTime(ticks, DateTimeKind.Utc)));

    private static string Join(IReadOnlyList<Rule> rules, string separator) =>
        rules.Count == 1 ? Of(rules[0]) : $"({string.Join(separator, rules.Select(Of))})";
}
