using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Contexts;
using CredSync.OpenBadges.JsonLd;

namespace CredSync.OpenBadges.Tests.Contexts;

public sealed class BundledContextsTests
{
    [Fact]
    public void Every_context_is_the_one_that_its_publisher_serves()
    {
        using Stream map = typeof(BundledContexts).Assembly.GetManifestResourceStream("Contexts/contexts.json")!;
        JsonObject entries = JsonNode.Parse(map)!.AsObject();
        BundledContexts.Urls.ShouldBe(entries.Select(entry => entry.Key), ignoreOrder: true);
        foreach ((string url, JsonNode? entry) in entries)
            Convert.ToHexStringLower(SHA256.HashData(BundledContexts.Bytes(url))).ShouldBe(entry!["sha256"]!.GetValue<string>(), url);
    }

    [Fact]
    public void Every_context_compiles()
    {
        foreach (string url in BundledContexts.Urls)
        {
            JsonLdProcessor processor = new(new JsonLdOptions { Loader = BundledContexts.Loader, Safe = false });
            processor.ToRdf(new JsonObject { ["@context"] = url, ["@id"] = "urn:a", ["@type"] = "urn:b" }).Quads.Count.ShouldBe(1, url);
        }
    }

    [Fact]
    public void A_context_that_is_not_bundled_is_refused_by_name() =>
        Should.Throw<JsonLdException>(() => BundledContexts.Loader.Load("https://example.org/context")).Message.ShouldContain("https://example.org/context");
}
