using System.Text.RegularExpressions;
using CredSync.Core.Configuration;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Configuration;

/// <summary>An example of a page, completed to a whole configuration and checked with everything that lint has.</summary>
internal static partial class PageExample
{
    public static IReadOnlyList<Finding> Lint(string example) => Lint(example, out _);

    public static IReadOnlyList<Finding> Lint(string example, out int stories)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal)
        {
            ["credsync.yaml"] = "organisation: { name: Northwind, namespace: northwind.example }\ndefaults: { issuer: northwind-badges }\n",
            ["sources/moodle-hr.yaml"] = "source: moodle-hr\nadapter: moodle\naddress: https://moodle.northwind.example\ntoken: env:MOODLE_HR_TOKEN\n",
            ["issuers/northwind-badges.yaml"] = "issuer: northwind-badges\nadapter: open-badges\nname: Northwind Academy\nurl: https://badges.northwind.example\n",
            ["credentials/safety-basics.yaml"] = Complete("safety-basics", "earn: { course: { source: moodle-hr, key: SAFETY-101 } }\n"),
        };
        Dictionary<string, string> overrides = new(StringComparer.Ordinal);
        foreach (Match part in Part().Matches(example))
        {
            string path = part.Groups[1].Value;
            string text = part.Groups[2].Value;
            if (path == "override")
            {
                string[] pair = text.Trim().Split(": ");
                overrides.Add(pair[0], pair[1]);
            }
            else
            {
                files[path] = path.StartsWith("credentials/", StringComparison.Ordinal) ? Complete(Path.GetFileNameWithoutExtension(path), text) : text;
            }
        }

        ConfigurationResult result = Shipped.Read([.. files.Select(f => new ConfigurationFile(f.Key, f.Value))], overrides);
        IReadOnlyList<RuleTestResult> results = result.Configuration is { } configuration ? RuleTests.Run(configuration) : [];
        stories = results.Count;
        return [.. result.Findings, .. results.Select(RuleTests.ToFinding).OfType<Finding>()];
    }

    public static IReadOnlyList<string> Fences(string page) => [.. Fence().Matches(page).Select(m => m.Groups[1].Value)];

    // Adds what an example leaves out, after it, so that its lines stay where they are.
    private static string Complete(string id, string text)
    {
        Dictionary<string, string> rest = new(StringComparer.Ordinal)
        {
            ["credential"] = id, ["name"] = $"Name of {id}", ["description"] = "What it stands for.", ["criteria"] = "What must be done.",
            ["earn"] = $"{{ course: {id.ToUpperInvariant()} }}",
            ["tests"] = "[ { name: nothing comes of nothing, events: [], expect: [ { earned: never } ] } ]",
        };
        return text + string.Concat(rest.Where(r => !Regex.IsMatch(text, $"^{r.Key}:", RegexOptions.Multiline)).Select(r => $"{r.Key}: {r.Value}\n"));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^# ([a-z/-]+(?:\.yaml|\.csv)?)\n((?:(?!# [a-z/-]+\.(?:yaml|csv)\n).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Part();
}
