using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>The shapes of answers: JSON, the error of OAuth (RFC 6749 section 5.2) and that of 1EdTech (Imsx_StatusInfo, Open Badges 3.0 annex C).</summary>
internal static class WalletAnswers
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static PublicAnswer Json(JsonNode node, int status = 200, IReadOnlyDictionary<string, string>? headers = null, TimeSpan? maxAge = null) => new()
    {
        Status = status, MediaType = "application/json", Content = JsonSerializer.SerializeToUtf8Bytes(node, Relaxed), Headers = headers ?? new Dictionary<string, string>(), MaxAge = maxAge,
    };

    /// <summary>What is wrong, as the interface says it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="minor">A word of the specification's list, for example <c>invalid_data</c>.</param>
    /// <param name="sentence">One sentence for the wallet's makers; no personal data.</param>
    /// <param name="headers">Further header fields.</param>
    public static PublicAnswer Problem(int status, string minor, string sentence, IReadOnlyDictionary<string, string>? headers = null) => Json(
        new JsonObject
        {
            ["imsx_codeMajor"] = minor == "not_allowed" ? "unsupported" : "failure",
            ["imsx_severity"] = "error",
            ["imsx_description"] = sentence,
            ["imsx_codeMinor"] = new JsonObject
            {
                ["imsx_codeMinorField"] = new JsonArray(new JsonObject { ["imsx_codeMinorFieldName"] = "CredSync", ["imsx_codeMinorFieldValue"] = minor }),
            },
        },
        status,
        headers);

    /// <summary>What is wrong with a request for a registration or a token.</summary>
    public static PublicAnswer OAuth(int status, string error, string sentence, IReadOnlyDictionary<string, string>? headers = null) =>
        Json(new JsonObject { ["error"] = error, ["error_description"] = sentence }, status, headers);

    /// <summary>A browser is sent back to the wallet.</summary>
    public static PublicAnswer Back(string address) => new() { Status = 303, MediaType = "text/plain; charset=utf-8", Content = Encoding.UTF8.GetBytes("See the wallet.\n"), Headers = new Dictionary<string, string> { ["Location"] = address } };
}
