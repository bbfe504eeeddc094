using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CredSync.Core.Configuration;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Architecture.Tests;

/// <summary>The page about issuers tells of every adapter and every setting, and its examples are right.</summary>
public sealed class IssuersPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "issuers.md"));

    private static readonly ServiceProvider Installed = Install();

    public static TheoryData<string> Adapters => [.. Installed.GetServices<IssuerAdapter>().Select(a => a.Name)];

    [Theory, MemberData(nameof(Adapters))]
    public void Every_adapter_has_a_section_with_all_its_settings_and_an_example_without_findings(string adapter)
    {
        string section = Page.Split("\n## ").Single(s => s.Contains($"`adapter: {adapter}`", StringComparison.Ordinal));
        IssuerAdapter installed = Installed.GetServices<IssuerAdapter>().Single(a => a.Name == adapter);
        foreach (SettingAttribute setting in installed.OptionsType.GetProperties().Select(p => p.GetCustomAttribute<SettingAttribute>()).OfType<SettingAttribute>())
        {
            section.ShouldContain($"`{setting.Name}`", customMessage: $"{adapter} has a setting that the page does not tell of");
        }

        string example = Regex.Match(section, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        example.ShouldContain($"adapter: {adapter}\n");
        Lint(example).ShouldBeEmpty();
    }

    private static IEnumerable<string> Lint(string example)
    {
        string issuer = Regex.Match(example, "^issuer: ([a-z-]+)$", RegexOptions.Multiline).Groups[1].Value;
        List<ConfigurationFile> files =
        [
            new("credsync.yaml", $"organisation: {{ name: Northwind, namespace: northwind.example }}\ndefaults: {{ issuer: {issuer} }}\n"),
            new("sources/moodle-hr.yaml", "source: moodle-hr\nadapter: moodle\naddress: https://moodle.northwind.example\ntoken: env:MOODLE_HR_TOKEN\n"),
        ];
        foreach (Match part in Regex.Matches(example, @"^# ([a-z/-]+\.yaml)\n((?:(?!# [a-z/-]+\.yaml\n).*\n)*)", RegexOptions.Multiline))
        {
            files.Add(new(part.Groups[1].Value, part.Groups[2].Value));
        }

        AdapterCatalogue catalogue = new(Installed.GetServices<SourceAdapter>(), Installed.GetServices<IssuerAdapter>());
        return ConfigurationReader.Read(files, catalogue, r => new Secret(r, () => "x"), new Dictionary<string, string>())
            .Findings.Where(f => f.Severity != Severity.Note).Select(f => $"{f.File}:{f.Line}: {f.Code} {f.Sentence}");
    }

    private static ServiceProvider Install()
    {
        ServiceCollection services = new();
        Builder builder = new(services);
        builder.AddBuiltInSources();
        CredSync.Issuers.BuiltInIssuers.AddBuiltInIssuers(builder);
        return services.BuildServiceProvider();
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;
}
