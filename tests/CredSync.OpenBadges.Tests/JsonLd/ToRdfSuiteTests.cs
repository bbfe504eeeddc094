using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Rdf;
using CredSync.OpenBadges.Tests.Rdf;

namespace CredSync.OpenBadges.Tests.JsonLd;

public sealed class ToRdfSuiteTests
{
    private static readonly JsonArray Entries = Vectors.Json("w3c-json-ld-api/toRdf-manifest.jsonld")["sequence"]!.AsArray();

    public static TheoryData<string> Cases => [.. Entries.Select(entry => entry!.AsObject()).Where(entry => !IsOfVersion10(entry)).Select(Id)];

    [Fact]
    public void The_suite_has_467_cases_of_which_448_are_run_and_pass_and_19_are_of_version_1_0_only() =>
        (Entries.Count, Entries.Count(entry => IsOfVersion10(entry!.AsObject()))).ShouldBe((467, 19));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_of_the_suite_gives_the_suites_graph_or_error(string id)
    {
        JsonObject entry = Entries.Select(node => node!.AsObject()).Single(candidate => Id(candidate) == id);
        string[] types = [.. entry["@type"]!.AsArray().Select(type => type!.GetValue<string>())];
        if (types.Contains("jld:NegativeEvaluationTest"))
        {
            string expected = entry["expectErrorCode"]!.GetValue<string>();
            Should.Throw<JsonLdException>(() => Run(entry)).Code.ShouldBe(expected);
            return;
        }

        RdfDataset dataset = Run(entry);
        if (types.Contains("jld:PositiveSyntaxTest")) return;
        Canonical(dataset).ShouldBe(Canonical(NQuadsReader.Read(Vectors.Text(File(entry, "expect")), out _)));
    }

    private static RdfDataset Run(JsonObject entry)
    {
        JsonObject? option = entry["option"]?.AsObject();
        string input = entry["input"]!.GetValue<string>();
        return new JsonLdProcessor(new JsonLdOptions
        {
            Loader = new SuiteLoader(),
            Safe = false,
            BaseIri = option?["base"]?.GetValue<string>() ?? SuiteLoader.Base + input,
            ExpandContext = option?["expandContext"] is { } context ? JsonNode.Parse(Vectors.Bytes("w3c-json-ld-api/" + context.GetValue<string>()))!["@context"] : null,
            RdfDirection = option?["rdfDirection"]?.GetValue<string>(),
        }).ToRdf(JsonNode.Parse(Vectors.Bytes(File(entry, "input")), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = true }));
    }

    private static bool IsOfVersion10(JsonObject entry)
    {
        JsonObject? option = entry["option"]?.AsObject();
        return option?["specVersion"]?.GetValue<string>() == "json-ld-1.0" || option?["processingMode"]?.GetValue<string>() == "json-ld-1.0";
    }

    private static string Id(JsonObject entry) => entry["@id"]!.GetValue<string>();

    private static string File(JsonObject entry, string role) => "w3c-json-ld-api/" + entry[role]!.GetValue<string>();

    private static string Canonical(RdfDataset dataset) => Encoding.UTF8.GetString(Rdfc10.Canonicalize(dataset));
}
