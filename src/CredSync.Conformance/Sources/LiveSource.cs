using CredSync.Sources;

namespace CredSync.Conformance.Sources;

/// <summary>A configured source with the real platform behind it, for the cases that only read (<see cref="SourceConformance.ReadOnly"/>).</summary>
public sealed record LiveSource
{
    /// <summary>The source's name as configured.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Makes a new instance. Its requests go through the handler that the given function puts before the network; a source that does not speak HTTP ignores it.
    /// </summary>
    public required Func<Func<HttpMessageHandler, HttpMessageHandler>, ICompletionSource> Create { get; init; }

    /// <summary>The adapter's options class.</summary>
    public required Type OptionsType { get; init; }

    /// <summary>The values of the secrets that it is configured with.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>How many pages a reading takes at most, so that a large platform is not read whole; at least 1, default 3.</summary>
    public int Pages { get; init; } = 3;

    /// <summary>How long a cancelled reading may take to end. Default 10 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock for <see cref="Patience"/>. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
