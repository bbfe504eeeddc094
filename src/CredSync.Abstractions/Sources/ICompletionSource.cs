namespace CredSync.Sources;

/// <summary>A connection to one platform tenant that can be polled for completions. The whole contract of a source adapter.</summary>
/// <remarks>
/// The host creates one instance for each configured source and calls it from one caller at a time, possibly in another process each time.
/// An instance must not rely on what it remembers: everything needed to go on is in the cursor and in <see cref="SourceRead.Known"/>.
/// </remarks>
public interface ICompletionSource
{
    /// <summary>Reads pages, oldest first where the platform has an order, until nothing more is there at this moment.</summary>
    /// <param name="read">Where to go on, and what is already known.</param>
    /// <param name="ct">Cancels between and within calls; stop promptly.</param>
    /// <returns>
    /// Pages, one at a time; the host commits a page before it asks for the next one, so a page's cursor must be enough to go on after a restart.
    /// An enumeration that ends means: nothing more for now. A failed read is an exception, never an empty page.
    /// </returns>
    /// <exception cref="SourceException">The platform cannot be read; its kind decides what the host does. Do not retry, sleep or log.</exception>
    IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, CancellationToken ct);
}
