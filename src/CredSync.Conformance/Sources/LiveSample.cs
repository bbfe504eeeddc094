using CredSync.Conformance.Http;
using CredSync.Sources;

namespace CredSync.Conformance.Sources;

/// <summary>The first pages of the live platform, read once for all cases: it is somebody's real system.</summary>
internal sealed class LiveSample(LiveSource source)
{
    private readonly Lock gate = new();
    private Task<LivePages>? reading;

    /// <summary>The pages, and the addresses of the requests for them.</summary>
    /// <exception cref="SourceException">The platform cannot be read; the next case tries again.</exception>
    public Task<LivePages> ReadAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return reading = reading is null or { IsFaulted: true } or { IsCanceled: true } ? ReadOnceAsync(ct) : reading;
        }
    }

    /// <summary>A new instance, as in another process.</summary>
    public ICompletionSource Create() => source.Create(static network => network);

    private async Task<LivePages> ReadOnceAsync(CancellationToken ct)
    {
        List<FlakyHandler> watching = [];
        Readings readings = new();
        await readings.ReadAsync(source.Create(network => Watch(network, watching)), ct, source.Pages).ConfigureAwait(false);
        return new LivePages(readings.Pages, [.. watching.SelectMany(w => w.Addresses)]);
    }

    private static FlakyHandler Watch(HttpMessageHandler network, List<FlakyHandler> watching)
    {
        FlakyHandler watch = new(network);
        watching.Add(watch);
        return watch;
    }
}

/// <summary>Pages of a live platform, and the addresses of the requests for them.</summary>
internal sealed record LivePages(IReadOnlyList<SourcePage> Pages, IReadOnlyList<string> Addresses);
