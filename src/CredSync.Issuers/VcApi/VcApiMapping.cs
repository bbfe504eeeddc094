using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.Issuers.VcApi;

/// <summary>From a credential to what a VC-API takes, and from its answer to a credential: pure.</summary>
internal static class VcApiMapping
{
    /// <summary>The unsigned credential of a signed one.</summary>
    public static JsonObject Unsigned(CredentialDocument signed)
    {
        JsonObject credential = JsonNode.Parse(signed.Content.Span)!.AsObject();
        credential.Remove("proof");
        return credential;
    }

    /// <summary>The body of an issue: the form of VC-API, which the DCC coordinator takes as well.</summary>
    public static JsonObject Issue(JsonObject credential) => new() { ["credential"] = credential, ["options"] = new JsonObject() };

    /// <summary>The signed credential in an answer; null when there is none.</summary>
    public static JsonElement? Signed(JsonElement? answer)
    {
        JsonElement? credential = answer is { ValueKind: JsonValueKind.Object } body
            ? body.TryGetProperty("verifiableCredential", out JsonElement inner) ? inner : body
            : null;
        return credential is { ValueKind: JsonValueKind.Object } signed && signed.TryGetProperty("proof", out _) && signed.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
            ? signed
            : null;
    }

    /// <summary>The body of a revocation.</summary>
    public static JsonObject Revoke(string credential) => new()
    {
        ["credentialId"] = credential,
        ["credentialStatus"] = new JsonArray(new JsonObject { ["type"] = "BitstringStatusListCredential", ["status"] = "revoked" }),
    };
}
