using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Verification;

/// <summary>Finds the credentials that a credential carries: endorsements anywhere in it, and the badges of a learner record.</summary>
internal static class EmbeddedCredentials
{
    /// <summary>The next level of carried credentials: what these carry in turn is theirs.</summary>
    public static IEnumerable<(string Path, JsonNode? Value)> Of(JsonObject credential) => Below(credential, "$");

    private static IEnumerable<(string Path, JsonNode? Value)> Below(JsonNode? node, string path)
    {
        IEnumerable<(string Path, JsonNode? Value, bool Carried)> children = node switch
        {
            JsonObject item => item.Where(static p => p.Key is not "proof" and not "@context")
                .SelectMany(p => p.Key is "endorsement" or "endorsementJwt" or "verifiableCredential"
                    ? Items(p.Value, $"{path}.{p.Key}").Select(static i => (i.Path, i.Value, true))
                    : [($"{path}.{p.Key}", p.Value, false)]),
            JsonArray array => array.Select((child, i) => ($"{path}[{i}]", child, false)),
            _ => [],
        };
        foreach ((string at, JsonNode? value, bool carried) in children)
        {
            if (carried)
            {
                yield return (at, value);
            }
            else
            {
                foreach ((string, JsonNode?) found in Below(value, at))
                {
                    yield return found;
                }
            }
        }
    }

    private static IEnumerable<(string Path, JsonNode? Value)> Items(JsonNode? value, string path) =>
        value is JsonArray array ? array.Select((item, i) => ($"{path}[{i}]", item)) : [(path, value)];

    /// <summary>Reads one: an object, or the text of a compact JWS.</summary>
    public static (ReadCredential? Read, string Sentence) Read(JsonNode? value) => value switch
    {
        JsonObject credential => (new(CredentialContainer.Json, credential, null), ""),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => ReadCredential.From(text.GetValue<string>(), null),
        _ => (null, "It is neither an object nor a text."),
    };
}
