using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The issuers configured here, so that their credentials verify without a network.</summary>
internal sealed class OpenBadgesKeyRing
{
    private readonly ConcurrentQueue<OpenBadgesIssuer> issuers = [];

    public void Add(OpenBadgesIssuer issuer) => issuers.Enqueue(issuer);

    /// <summary>The DID documents of the issuers that have keys.</summary>
    public IReadOnlyList<JsonObject> DidDocuments => [.. issuers.Select(static i => i.PublishedKeys).OfType<JsonObject>()];
}
