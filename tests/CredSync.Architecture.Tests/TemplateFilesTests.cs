using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CredSync.Architecture.Tests;

/// <summary>The templates name the versions that the repository uses, and the page about them shows their code as it is.</summary>
public sealed partial class TemplateFilesTests
{
    private static readonly string Templates = Path.Combine(Root(), "src", "CredSync.Templates", "templates");

    public static TheoryData<string> Kinds => new("credsync-source", "credsync-issuer");

    [Theory, MemberData(nameof(Kinds))]
    public void A_template_names_the_package_versions_of_the_repository(string kind)
    {
        Dictionary<string, string> central = XDocument.Load(Path.Combine(Root(), "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        XElement[] references = [.. Directory.EnumerateFiles(Path.Combine(Templates, kind), "*.csproj", SearchOption.AllDirectories).SelectMany(f => XDocument.Load(f).Descendants("PackageReference"))];
        references.Length.ShouldBeGreaterThan(5);
        foreach (XElement reference in references)
        {
            string name = reference.Attribute("Include")!.Value;
            reference.Attribute("Version")!.Value.ShouldBe(name.StartsWith("CredSync.", StringComparison.Ordinal) ? "$(CredSyncVersion)" : central[name], name);
        }

        XDocument.Load(Path.Combine(Templates, kind, "Directory.Build.props")).Descendants("CredSyncVersion").Single().Value
            .ShouldBe(XDocument.Load(Path.Combine(Root(), "Directory.Build.props")).Descendants("Version").Single().Value);
    }

    [Fact]
    public void What_the_page_shows_stands_so_in_the_templates()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "writing-a-source.md"));
        Match[] shown = Shown().Matches(page).ToArray();
        shown.Length.ShouldBeGreaterThan(8);
        shown.Length.ShouldBe(Fence().Count(page), "every block of code is headed by the file that it is cut from");
        foreach (Match block in shown)
        {
            string file = block.Groups["file"].Value;
            string path = Path.Combine(Templates, file);
            File.Exists(path).ShouldBeTrue(file);
            string code = block.Groups["code"].Value.TrimEnd();
            Dedents(File.ReadAllText(path)).ShouldContain(text => text.Contains(code, StringComparison.Ordinal), $"{file} does not hold this as the page shows it:\n{code}");
        }
    }

    // A member of a class is shown without the indent that it has in its file.
    private static IEnumerable<string> Dedents(string text) => [text, string.Join('\n', text.Split('\n').Select(l => l.StartsWith("    ", StringComparison.Ordinal) ? l[4..] : l))];

    [GeneratedRegex(@"<!-- cut from (?<file>[^ ]+) -->\n```(csharp|yaml)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex("^```(csharp|yaml)", RegexOptions.Multiline)]
    private static partial Regex Fence();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
