using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Transparency;
using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Whether a credential stands in its issuer's log, and whether the log still has everything that it had at an earlier look.</summary>
internal static class OpenBadgesTransparency
{
    private const string Name = "transparency";

    /// <summary>Makes the check; null when the credential's address cannot have a receipt.</summary>
    public static async Task<(CheckResult? Check, string? Head)> CheckAsync(JsonObject credential, JsonObject[] known, IDocumentSource documents, string? earlier, CancellationToken ct)
    {
        string? id = Text(credential, "id");
        string? issuer = credential["issuer"] is JsonObject profile ? Text(profile, "id") : Text(credential, "issuer");
        if (id is null || issuer is null || !id.StartsWith("https://", StringComparison.Ordinal))
        {
            return (null, null);
        }

        try
        {
            if (await documents.FetchAsync(new Uri(id + "/receipt"), ct).ConfigureAwait(false) is not { } bytes || LogReceipt.Read(CredentialJson.Parse(bytes)) is not { } receipt)
            {
                return earlier is null
                    ? (Not("The issuer offers no receipt from a transparency log for it."), null)
                    : (Failed("The issuer kept a log, and offers no receipt for this credential."), null);
            }

            IVerificationKeyResolver keys = KeyResolvers.FromDidDocuments(await KeysAsync(issuer, known, documents, ct).ConfigureAwait(false));
            LogHead head = receipt.Verify(LogEntry.Of(credential), issuer, keys);
            string grown = earlier is null ? "" : await GrownAsync(LogHead.Verify(earlier.Trim(), issuer, keys), head, documents, ct).ConfigureAwait(false);
            return (new CheckResult(Name, CheckOutcome.Passed, $"It is entry {receipt.Index} of the issuer's log of {head.Size}, before {head.Time:yyyy-MM-dd HH:mm:ss} UTC.{grown}"), receipt.SignedHead);
        }
        catch (ProofException fault)
        {
            return (Failed(fault.Message), null);
        }
        catch (DocumentException fault)
        {
            return (Not(fault.Message), null);
        }
    }

    private static async Task<string> GrownAsync(LogHead earlier, LogHead head, IDocumentSource documents, CancellationToken ct)
    {
        if (earlier.Log != head.Log || earlier.Size > head.Size)
        {
            throw new ProofException("The issuer's log is shorter than it was, or another one.");
        }

        if (earlier.Size == head.Size)
        {
            return earlier.Root.Span.SequenceEqual(head.Root.Span) ? " It is the log that was seen earlier." : throw new ProofException("The issuer's log has other entries than it had.");
        }

        byte[]? bytes = await documents.FetchAsync(new Uri($"{head.Log}/consistency?from={earlier.Size}&to={head.Size}"), ct).ConfigureAwait(false);
        JsonArray path = bytes is null ? [] : CredentialJson.Parse(bytes)["path"] as JsonArray ?? [];
        byte[][] hashes = [.. path.Take(64).Select(static h => Hash(h)).OfType<byte[]>()];
        return MerklePath.ShowsConsistency(earlier.Size, earlier.Root.Span, head.Size, head.Root.Span, hashes)
            ? $" The log has grown by {head.Size - earlier.Size} since the earlier look, and lost nothing."
            : throw new ProofException("The issuer does not show that its log still has what it had at the earlier look.");
    }

    private static async Task<JsonObject[]> KeysAsync(string issuer, JsonObject[] known, IDocumentSource documents, CancellationToken ct)
    {
        if (Array.Exists(known, d => Text(d, "id") == issuer) || !DidWeb.Is(issuer))
        {
            return known;
        }

        try
        {
            return await documents.FetchAsync(DidWeb.ToUrl(issuer), ct).ConfigureAwait(false) is { } document ? [.. known, CredentialJson.Parse(document)] : known;
        }
        catch (KeyException fault)
        {
            throw new ProofException(fault.Message, fault);
        }
    }

    private static byte[]? Hash(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static string? Text(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static CheckResult Not(string sentence) => new(Name, CheckOutcome.NotChecked, sentence);

    private static CheckResult Failed(string sentence) => new(Name, CheckOutcome.Failed, sentence, "Do not rely on it; the issuer's own record does not show it.");
}
