using CredSync.Sources;

namespace CredSync.Conformance.Sources;

/// <summary>What the kit needs to know of a source adapter.</summary>
public sealed record SourceUnderTest
{
    /// <summary>The name under which <see cref="Create"/> configures the source; every completion key must carry it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Makes a new instance whose requests go to the given handler. Called several times in a case: an instance must go on from a cursor that another one gave.
    /// A source that does not speak HTTP ignores the handler and sets <see cref="SpeaksHttp"/> to false. Let retries wait milliseconds here.
    /// </summary>
    public required Func<HttpMessageHandler, ICompletionSource> Create { get; init; }

    /// <summary>Makes the platform: a transcript's player, or a handler in front of a play platform. It must hold the same each time, on more than one page if it can.</summary>
    public required Func<HttpMessageHandler> Platform { get; init; }

    /// <summary>The natural keys of every completion that <see cref="Platform"/> holds; at least two.</summary>
    public required IReadOnlyCollection<string> Holds { get; init; }

    /// <summary>The adapter's options class.</summary>
    public required Type OptionsType { get; init; }

    /// <summary>The values of the secrets that <see cref="Create"/> configures.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Cursors that earlier versions of the adapter gave for <see cref="Platform"/>; each must still load. Default none.</summary>
    public IReadOnlyList<string> OldCursors { get; init; } = [];

    /// <summary>The platform with one record that cannot be mapped and everything else as in <see cref="Platform"/>; null leaves the case out.</summary>
    public Func<HttpMessageHandler>? PlatformWithAnUnreadableRecord { get; init; }

    /// <summary>The platform with paging that does not advance; null, for a platform without paging, leaves the case out.</summary>
    public Func<HttpMessageHandler>? PlatformThatRepeatsAPage { get; init; }

    /// <summary>Deliveries of the platform, each telling of completions that <see cref="Platform"/> holds, for an <see cref="IWebhookSource"/>; none leaves the cases about them out.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries { get; init; } = [];

    /// <summary>Whether the source speaks HTTP; false leaves the cases about HTTP out. Default true.</summary>
    public bool SpeaksHttp { get; init; } = true;

    /// <summary>At how many requests of a reading each fault is tried, from the first on. Default 12.</summary>
    public int FaultPositions { get; init; } = 12;

    /// <summary>How long a cancelled reading may take to end. Default 10 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for <see cref="Patience"/>. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
