using System.Text.Json.Nodes;
using CredSync.OpenBadges.JsonLd;

namespace CredSync.OpenBadges.Tests.JsonLd;

/// <summary>Serves the context documents of the W3C suite from the files beside it.</summary>
internal sealed class SuiteLoader : IContextLoader
{
    public const string Base = "https://w3c.github.io/json-ld-api/tests/";

    public JsonObject Load(string url)
    {
        string file = "w3c-json-ld-api/" + (url.StartsWith(Base, StringComparison.Ordinal) ? url[Base.Length..] : "none");
        if (!Vectors.Exist(file)) throw new JsonLdException("loading remote context failed", "The suite has no such file.");
        return JsonNode.Parse(Vectors.Bytes(file)) as JsonObject ?? throw new JsonLdException("invalid remote context", "The document is not an object.");
    }
}
