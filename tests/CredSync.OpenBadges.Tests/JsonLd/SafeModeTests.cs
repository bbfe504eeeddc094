using System.Text.Json.Nodes;
using CredSync.OpenBadges.Contexts;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Tests.JsonLd;

public sealed class SafeModeTests
{
    [Theory]
    [InlineData("""{"@context":{},"a":1}""", "undefined term", "\"a\"")]
    [InlineData("""{"@context":{"a":null},"@id":"urn:x","a":1}""", "undefined term", "\"a\"")]
    [InlineData("""{"@context":{"a":"urn:a"},"a":{"b":1}}""", "undefined term", "\"b\"")]
    [InlineData("""{"@id":"urn:x","@type":"Thing"}""", "undefined term", "\"Thing\"")]
    [InlineData("""{"@id":"urn:x","@later":1}""", "undefined term", "\"@later\"")]
    [InlineData("""{"@context":{"a":{"@id":"urn:a","@type":"@id"}},"a":"no/scheme"}""", "relative reference", "absolute")]
    [InlineData("""{"@id":"no/scheme","@type":"urn:t"}""", "relative reference", "absolute")]
    [InlineData("""{"@id":"urn:has space","@type":"urn:t"}""", "relative reference", "absolute")]
    [InlineData("""{"urn:a":{"@value":null,"@type":"urn:t"}}""", "dropped value", "null")]
    [InlineData("""{"urn:a":{"@value":"x","@language":"not a tag"}}""", "dropped value", "language")]
    [InlineData("""{"urn:a":{"@value":"x","@direction":"ltr"}}""", "dropped value", "direction")]
    [InlineData("""{"urn:a":{"@id":"urn:b","@index":"1"}}""", "dropped value", "@index")]
    [InlineData("""{"@context":{"a":{"@id":"urn:a","@container":"@index"}},"a":{"k":"v"}}""", "dropped value", "\"a\"")]
    [InlineData("""["text"]""", "dropped value", "only objects")]
    [InlineData("""{"@id":"urn:alone"}""", "dropped value", "says nothing")]
    [InlineData("""{"_:b":1}""", "undefined term", "_:b")]
    [InlineData("""{"urn:a":{"@value":"x"}}""", "other spelling", "@value")]
    [InlineData("""{"@context":{"a":{"@id":"urn:a","@protected":true}},"urn:a":1}""", "other spelling", "\"a\"")]
    public void What_RDF_would_lose_or_readers_of_the_JSON_would_miss_is_an_error_that_names_it(string json, string code, string named)
    {
        JsonLdException error = Should.Throw<JsonLdException>(() => Read(json));
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("""{"@id":"urn:x","@type":"urn:t"}""", 1)]
    [InlineData("""{"@context":{"id":"@id","a":{"@id":"urn:a","@type":"@id"}},"id":"urn:x","a":["urn:y","urn:y","urn:z"]}""", 2)]
    [InlineData("""{"urn:a":null,"urn:b":[],"urn:c":true}""", 1)]
    [InlineData("""{"urn:a":{"@list":[1,2.5]}}""", 5)]
    public void What_RDF_keeps_is_read(string json, int statements) => Read(json).Quads.Count.ShouldBe(statements);

    [Fact]
    public void Terms_that_lead_to_one_another_without_end_are_refused()
    {
        JsonObject context = new() { ["t0"] = "urn:base:" };
        for (int term = 50_000; term > 0; term--) context[$"t{term}"] = $"t{term - 1}:x";
        Should.Throw<JsonLdException>(() => Read(new JsonObject { ["@context"] = context, ["t50000"] = 1 })).Code.ShouldBe("context overflow");
    }

    [Fact]
    public void Scoped_contexts_that_would_cost_the_square_of_their_number_are_refused()
    {
        JsonObject context = [];
        for (int term = 0; term < 20_000; term++) context[$"t{term}"] = new JsonObject { ["@id"] = $"urn:t{term}", ["@context"] = new JsonObject() };
        Should.Throw<JsonLdException>(() => Read(new JsonObject { ["@context"] = context, ["t1"] = 1 })).InnerException.ShouldBeOfType<JsonLdException>().Code.ShouldBe("context overflow");
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        JsonNode node = new JsonObject { ["urn:a"] = 1 };
        for (int level = 0; level < 5_000; level++) node = new JsonObject { ["urn:a"] = node };
        Should.Throw<JsonLdException>(() => Read(node)).Code.ShouldBe("nesting overflow");
    }

    [Fact]
    public void A_thousand_documents_with_contexts_of_their_own_do_not_change_what_later_ones_mean()
    {
        JsonLdProcessor processor = new(new JsonLdOptions { Loader = BundledContexts.Loader });
        byte[] before = Rdfc10.Canonicalize(processor.ToRdf(Vectors.Json("generated/rich-unsigned.json")));
        for (int number = 0; number < 1_500; number++)
        {
            JsonObject own = new()
            {
                ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2", new JsonObject { ["own"] = new JsonObject { ["@id"] = $"urn:own:{number}", ["@context"] = new JsonObject { ["in"] = "urn:in" } } }),
                ["own"] = new JsonObject { ["in"] = number },
            };
            processor.ToRdf(own).Quads.Count.ShouldBe(2);
        }

        Rdfc10.Canonicalize(processor.ToRdf(Vectors.Json("generated/rich-unsigned.json"))).ShouldBe(before);
    }

    private static RdfDataset Read(string json) => Read(JsonNode.Parse(json)!);

    private static RdfDataset Read(JsonNode document) => new JsonLdProcessor(new JsonLdOptions { Loader = BundledContexts.Loader }).ToRdf(document);
}
