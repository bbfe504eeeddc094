using System.Text.Json;
using CredSync.Core.Configuration;
using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Tests.Configuration;

public sealed class ParsingTests
{
    [Fact]
    public void Every_value_keeps_its_line_and_column()
    {
        MappingNode root = Parse("a: one\nb:\n  - { c: \"two\" }\n  - three\nd: |\n  text\n", out FindingList findings);
        findings.Count.ShouldBe(0);
        Place(root.Find("a")!).ShouldBe((1, 4));
        SequenceNode list = root.Sequence("b")!;
        Place(((MappingNode)list.Items[0]).Find("c")!).ShouldBe((3, 10));
        Place(list.Items[1]).ShouldBe((4, 5));
        Place(root.Find("d")!).ShouldBe((5, 4));
    }

    [Fact]
    public void Json_is_read_by_the_same_parser_also_when_it_is_indented_by_tabs()
    {
        ConfigurationFile[] files = [.. Shipped.Files.Where(f => !f.Path.EndsWith("people.yaml", StringComparison.Ordinal)), new("config/people.json", "{\n\t\"match\": [\"external_id\", \"username\"],\n\t\"unknown\": \"hold\"\n}\n")];
        ConfigurationResult result = Shipped.Read(files);
        FindingText.Render(result.Findings).ShouldBe("");
        result.Configuration!.People.MatchOrder.ShouldBe(["external_id", "username"]);
        result.Configuration.People.MayCreateUnknown.ShouldBeFalse();
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_any_kind_are_read()
    {
        Parse("\ufeffa: one\r\nb: two\r\n", out FindingList findings)!.Text("b").ShouldBe("two");
        findings.Count.ShouldBe(0);
    }

    [Fact]
    public void Merge_keys_and_complex_keys_are_findings()
    {
        Parse("a: &x { b: c }\nd: { <<: *x }\n", out FindingList merged);
        merged.Sorted().Select(f => f.Code).Distinct().ShouldBe(["CFG005"]);
        Parse("? [a, b]\n: c\n", out FindingList complex);
        complex.Sorted().Single().Code.ShouldBe("CFG012");
    }

    [Fact]
    public void Infrastructure_and_schemas_beside_the_configuration_are_passed_over() =>
        Shipped.Read([.. Shipped.Files, new("config/appsettings.json", "{"), new("config/appsettings.Production.json", "{"), new("config/credsync.schema.json", "{")]).Findings.ShouldBeEmpty();

    [Fact]
    public void What_a_broken_file_would_have_defined_is_not_missing_on_top()
    {
        ConfigurationFile[] files = [.. Shipped.Files.Select(f => f.Path.EndsWith("safety-basics.yaml", StringComparison.Ordinal) || f.Path.EndsWith("moodle-hr.yaml", StringComparison.Ordinal) ? f with { Text = "a: [" } : f)];
        Shipped.Read(files).Findings.Select(f => f.Code).ShouldBe(["CFG001", "CFG001"]);
    }

    [Fact]
    public void All_findings_of_all_files_come_in_one_pass_in_the_order_of_their_places()
    {
        ConfigurationFile[] files = [.. Shipped.Files.Select(f => f with { Text = f.Text.Replace("name: ", "nam: ", StringComparison.Ordinal) })];
        IReadOnlyList<Finding> findings = Shipped.Read(files).Findings;
        findings.Select(f => f.File).Distinct().Count().ShouldBe(6);
        findings.Select(f => (f.File, f.Line, f.Column)).ShouldBeInOrder(SortDirection.Ascending, Comparer<(string, int, int)>.Create((a, b) =>
            string.CompareOrdinal(a.Item1, b.Item1) is var order and not 0 ? order : (a.Item2, a.Item3).CompareTo((b.Item2, b.Item3))));
        findings.ShouldAllBe(f => f.Suggestion == "did you mean 'name'?");
    }

    [Fact]
    public void A_finding_is_one_line_that_editors_understand()
    {
        FindingText.Render(new Finding("CFG010", Severity.Error, "config/people.yaml", 3, 5, "people.yaml has no 'macth'.", "did you mean 'match'?"))
            .ShouldBe("config/people.yaml:3:5 CFG010 people.yaml has no 'macth'. (did you mean 'match'?)");
        FindingText.Render(new Finding("CFG022", Severity.Error, "credsync.yaml", 0, 0, "There is none.", null)).ShouldBe("credsync.yaml CFG022 There is none.");
    }

    [Fact]
    public void A_report_in_sarif_holds_every_finding_with_its_place()
    {
        string report = SarifReport.Write(
        [
            new Finding("CFG010", Severity.Error, "config/my file.yaml", 3, 5, "No.", "yes"),
            new Finding("RUL014", Severity.Note, "config/b.yaml", 0, 0, "Nothing.", null),
        ], "1.2.3");
        JsonElement run = JsonDocument.Parse(report).RootElement.GetProperty("runs")[0];
        run.GetProperty("tool").GetProperty("driver").GetProperty("rules").GetArrayLength().ShouldBe(2);
        JsonElement first = run.GetProperty("results")[0];
        first.GetProperty("level").GetString().ShouldBe("error");
        first.GetProperty("message").GetProperty("text").GetString().ShouldBe("No. (yes)");
        JsonElement place = first.GetProperty("locations")[0].GetProperty("physicalLocation");
        place.GetProperty("artifactLocation").GetProperty("uri").GetString().ShouldBe("config/my%20file.yaml");
        place.GetProperty("region").GetProperty("startColumn").GetInt32().ShouldBe(5);
        run.GetProperty("results")[1].GetProperty("locations")[0].GetProperty("physicalLocation").TryGetProperty("region", out _).ShouldBeFalse();
    }

    private static MappingNode Parse(string text, out FindingList findings) => YamlReader.Read(new ConfigurationFile("a.yaml", text), findings = new FindingList())!;

    private static (int Line, int Column) Place(Node node) => (node.Position.Line, node.Position.Column);
}
