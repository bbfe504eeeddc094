using System.Text.Json.Nodes;
using CredSync.OpenBadges.Contexts;
using CredSync.OpenBadges.JsonLd;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Proofs;

/// <summary>
/// Credentials as canonical RDF. Issuing and verifying have one each: what strangers send for verification must not push the
/// issuer's compiled contexts out.
/// </summary>
internal sealed class CredentialRdf
{
    // One for each thread: a document of a hundred statements needs some forty kilobytes for a moment, and who signs thousands would make the collector run for little else.
    [ThreadStatic]
    private static RdfDataset? spare;

    private readonly JsonLdProcessor processor = new(new JsonLdOptions { Loader = BundledContexts.Loader });

    private CredentialRdf()
    {
    }

    public static CredentialRdf ForIssuing { get; } = new();

    public static CredentialRdf ForVerifying { get; } = new();

    /// <summary>Canonical N-Quads of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="without">A member at the top that is left out; null for none.</param>
    public byte[] NQuads(JsonObject document, string? without = null)
    {
        RdfDataset dataset = spare ?? new();
        spare = null;
        processor.ToRdf(document, without, dataset);
        byte[] canonical = Rdfc10.Canonicalize(dataset);
        if (dataset.IsUsual)
        {
            dataset.Clear();
            spare = dataset;
        }

        return canonical;
    }
}
