namespace CredSync.OpenBadges.Verification;

/// <summary>Where a verifier gets the documents that a credential names: DID documents, keys, status lists. The addresses come from strangers.</summary>
public interface IDocumentSource
{
    /// <summary>Gets a document.</summary>
    /// <param name="address">Its absolute address.</param>
    /// <param name="ct">Cancels the fetch.</param>
    /// <returns>Its bytes; null when this source does not have it.</returns>
    /// <exception cref="DocumentException">It could not be had, or must not be fetched.</exception>
    Task<byte[]?> FetchAsync(Uri address, CancellationToken ct);
}

/// <summary>A document could not be had, or must not be fetched.</summary>
public sealed class DocumentException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="sentence">Why, in one sentence.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public DocumentException(string sentence, Exception? inner = null)
        : base(sentence, inner)
    {
    }
}

/// <summary>Documents that are at hand; nothing is fetched.</summary>
public sealed class GivenDocuments : IDocumentSource
{
    private readonly Dictionary<string, byte[]> documents;

    /// <summary>Takes the documents.</summary>
    /// <param name="documents">Their bytes by absolute address.</param>
    public GivenDocuments(IEnumerable<KeyValuePair<Uri, byte[]>> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        this.documents = documents.ToDictionary(static d => d.Key.AbsoluteUri, static d => d.Value, StringComparer.Ordinal);
    }

    /// <summary>No documents at all.</summary>
    public static GivenDocuments None { get; } = new([]);

    /// <inheritdoc/>
    public Task<byte[]?> FetchAsync(Uri address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(documents.GetValueOrDefault(address.AbsoluteUri));
    }
}
