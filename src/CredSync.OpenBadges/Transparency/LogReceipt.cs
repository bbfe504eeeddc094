using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Transparency;

/// <summary>
/// Shows that a credential is in the issuer's log: delivered beside the credential, checked by an employer without asking the issuer. It proves that the
/// credential was logged before the head's time; it does not prove that nothing was issued off the log.
/// </summary>
public sealed record LogReceipt
{
    /// <summary>The credential's index in the log.</summary>
    public required int Index { get; init; }

    /// <summary>The inclusion path from the credential to the head's root.</summary>
    public required IReadOnlyList<byte[]> Path { get; init; }

    /// <summary>The signed head, a compact JWS.</summary>
    public required string SignedHead { get; init; }

    /// <summary>Reads a receipt.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <returns>The receipt; null when it is none.</returns>
    public static LogReceipt? Read(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json["index"] is JsonValue value && value.TryGetValue(out int index)
            && CredentialFacts.Text(json, "head") is { } head
            && json["path"] is JsonArray { Count: <= 64 } path
            && path.Select(Hash).ToArray() is { } hashes && hashes.All(static h => h is not null)
                ? new() { Index = index, Path = hashes!, SignedHead = head }
                : null;
    }

    /// <summary>Checks the receipt.</summary>
    /// <param name="entry">The entry that must be in the log: <see cref="LogEntry.Of"/> of the credential.</param>
    /// <param name="issuer">Id of the credential's issuer.</param>
    /// <param name="resolver">Finds the issuer's key.</param>
    /// <returns>The head under which the entry stands.</returns>
    /// <exception cref="ProofException">The head is not the issuer's, or the entry is not in its log.</exception>
    public LogHead Verify(ReadOnlySpan<byte> entry, string issuer, IVerificationKeyResolver resolver)
    {
        LogHead head = LogHead.Verify(SignedHead, issuer, resolver);
        return MerklePath.ShowsInclusion(MerkleTree.HashLeaf(entry), Index, head.Size, Path, head.Root.Span)
            ? head
            : throw new ProofException("The receipt does not show that the credential is in the log.");
    }

    /// <summary>Writes the receipt.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => new()
    {
        ["index"] = Index,
        ["path"] = new JsonArray([.. Path.Select(static h => (JsonNode)Convert.ToHexStringLower(h))]),
        ["head"] = SignedHead,
    };

    private static byte[]? Hash(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length == 2 * MerkleTree.HashLength && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : null;
}
