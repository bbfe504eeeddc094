using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Tests.Rdf;

public sealed class Rdfc10SuiteTests
{
    private static readonly JsonArray Entries = Vectors.Json("w3c-rdf-canon/manifest.jsonld")["entries"]!.AsArray();

    public static TheoryData<string> Evaluations => Named("rdfc:RDFC10EvalTest");

    public static TheoryData<string> Maps => Named("rdfc:RDFC10MapTest");

    [Fact]
    public void The_suite_has_86_cases() => (Evaluations.Count, Maps.Count, Entries.Count).ShouldBe((64, 21, 86));

    [Theory]
    [MemberData(nameof(Evaluations))]
    public void The_suites_graphs_have_the_suites_canonical_form(string id)
    {
        JsonObject entry = Entry(id);
        RdfDataset dataset = NQuadsReader.Read(File(entry, "action"), out _);
        Encoding.UTF8.GetString(Rdfc10.Canonicalize(dataset, Algorithm(entry), out _)).ShouldBe(File(entry, "result"));
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void The_suites_blank_nodes_get_the_suites_labels(string id)
    {
        JsonObject entry = Entry(id);
        RdfDataset dataset = NQuadsReader.Read(File(entry, "action"), out IReadOnlyList<string> names);
        Rdfc10.Canonicalize(dataset, Algorithm(entry), out int[] labels);
        Dictionary<string, string> expected = JsonNode.Parse(File(entry, "result"))!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());
        names.Select((name, blank) => (name, "c14n" + labels[blank])).ToDictionary().ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public void The_suites_poison_graph_is_refused_within_bounds() =>
        Should.Throw<CanonicalizationException>(() => Rdfc10.Canonicalize(NQuadsReader.Read(File(Entry("#test074c"), "action"), out _)))
            .Message.ShouldContain("blank nodes");

    [Fact]
    public void A_ring_of_twenty_thousand_blank_nodes_that_look_alike_is_refused_within_bounds()
    {
        StringBuilder ring = new();
        for (int node = 0; node < 20_000; node++) ring.Append($"_:n{node} <urn:next> _:n{(node + 1) % 20_000} .\n");
        Should.Throw<CanonicalizationException>(() => Rdfc10.Canonicalize(NQuadsReader.Read(ring.ToString(), out _)));
    }

    [Theory]
    [InlineData("<urn:a> <urn:b> .")]
    [InlineData("<urn:a> <urn:b> \"x .")]
    [InlineData("<urn:a <urn:b> <urn:c")]
    [InlineData("_a <urn:b> <urn:c> .")]
    [InlineData("_: <urn:b> <urn:c> .")]
    [InlineData("<urn:a> <urn:b> \"\\ud800\" .")]
    [InlineData("<urn:a> <urn:b> \"\\q\" .")]
    [InlineData("<urn:a> <urn:b> <urn:c> <urn:d> <urn:e> .")]
    public void Text_that_is_no_statement_is_refused_with_its_line(string line) =>
        Should.Throw<CanonicalizationException>(() => NQuadsReader.Read("\n" + line, out _)).Message.ShouldContain("Line 2");

    private static JsonObject Entry(string id) => Entries.Select(entry => entry!.AsObject()).Single(entry => entry["id"]!.GetValue<string>() == id);

    private static string File(JsonObject entry, string role) => Vectors.Text("w3c-rdf-canon/" + entry[role]!.GetValue<string>());

    private static HashAlgorithmName Algorithm(JsonObject entry) =>
        entry["hashAlgorithm"]?.GetValue<string>() == "SHA384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    private static TheoryData<string> Named(string type) =>
        [.. Entries.Where(entry => entry!["type"]!.GetValue<string>() == type).Select(entry => entry!["id"]!.GetValue<string>())];
}
