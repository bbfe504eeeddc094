using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Keys;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Transparency;

/// <summary>The state of a log at a time. The issuer signs and publishes one at fixed intervals and keeps all of them.</summary>
public sealed record LogHead
{
    private const string TokenType = "log-head+jwt";

    /// <summary>URI of the log.</summary>
    public required string Log { get; init; }

    /// <summary>How many entries it had.</summary>
    public required int Size { get; init; }

    /// <summary>The root of the tree, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Root { get; init; }

    /// <summary>When that was, whole seconds.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Signs the head as a compact JWS (RFC 7515) of the type <c>log-head+jwt</c>.</summary>
    /// <param name="key">The issuer's key.</param>
    /// <param name="keyId">The key's name in the issuer's DID document.</param>
    /// <returns>The compact JWS.</returns>
    public string Sign(SigningKey key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyId);
        var header = new JsonObject { ["alg"] = Algorithm(key.Algorithm), ["typ"] = TokenType, ["kid"] = keyId };
        var payload = new JsonObject
        {
            ["log"] = Log,
            ["size"] = Size,
            ["root"] = Convert.ToHexStringLower(Root.Span),
            ["time"] = Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        string input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Reads a signed head and checks its signature.</summary>
    /// <param name="token">The compact JWS.</param>
    /// <param name="issuer">Id of the issuer whose head it must be.</param>
    /// <param name="resolver">Finds the issuer's key.</param>
    /// <returns>The head.</returns>
    /// <exception cref="ProofException">It is not a head, or its signature is not the issuer's.</exception>
    public static LogHead Verify(string token, string issuer, IVerificationKeyResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(resolver);
        string[] parts = token.Split('.');
        if (parts.Length != 3 || token.Length > 8192 || Decode(parts[0]) is not { } header || CredentialFacts.Text(header, "typ") != TokenType)
        {
            throw new ProofException("The text is not a signed log head.");
        }

        ResolvedKey? key = Resolve(CredentialFacts.Text(header, "kid"), resolver);
        if (key is null || key.Controller != issuer || CredentialFacts.Text(header, "alg") != Algorithm(key.Key.Algorithm))
        {
            throw new ProofException("The log head is not signed with a key of the issuer.");
        }

        if (!TryBytes(parts[2], out byte[] signature) || !key.Key.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature))
        {
            throw new ProofException("The signature of the log head is not valid.");
        }

        return Decode(parts[1]) is { } payload && Read(payload) is { } head ? head : throw new ProofException("The signed log head lacks a part or has one that cannot be read.");
    }

    private static LogHead? Read(JsonObject payload) =>
        CredentialFacts.Text(payload, "log") is { } log
        && payload["size"] is JsonValue value && value.TryGetValue(out int size) && size >= 0
        && CredentialFacts.Text(payload, "root") is { Length: 2 * MerkleTree.HashLength } root && root.All(char.IsAsciiHexDigit)
        && CredentialFacts.Time(payload, "time") is { } time
            ? new() { Log = log, Size = size, Root = Convert.FromHexString(root), Time = time }
            : null;

    private static ResolvedKey? Resolve(string? name, IVerificationKeyResolver resolver)
    {
        try
        {
            return name is null ? null : resolver.Resolve(name);
        }
        catch (KeyException)
        {
            return null;
        }
    }

    private static string Algorithm(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Ed25519 => "EdDSA",
        KeyAlgorithm.P256 => "ES256",
        _ => "RS256",
    };

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject? Decode(string part)
    {
        try
        {
            return TryBytes(part, out byte[] bytes) ? JsonNode.Parse(bytes, documentOptions: new() { MaxDepth = 8, AllowDuplicateProperties = false }) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryBytes(string part, out byte[] bytes)
    {
        try
        {
            bytes = Base64Url.DecodeFromChars(part);
            return true;
        }
        catch (FormatException)
        {
            bytes = [];
            return false;
        }
    }
}
