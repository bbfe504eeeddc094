using System.Collections.Concurrent;

namespace CredSync.Host.Telemetry;

/// <summary>When each loop of this process last went round, and what stopped it if something did; health reads it.</summary>
internal sealed class LoopProgress(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LoopState> loops = new(StringComparer.Ordinal);

    /// <summary>A snapshot of all loops.</summary>
    public IReadOnlyDictionary<string, LoopState> Loops => loops;

    /// <summary>The loop went round.</summary>
    public void Beat(string loop) => loops[loop] = new LoopState(time.GetUtcNow(), null);

    /// <summary>The loop met a fault and will try again.</summary>
    public void Fault(string loop, string kind) =>
        loops.AddOrUpdate(loop, static (_, k) => new LoopState(null, k), static (_, s, k) => s with { Fault = k }, kind);
}

/// <summary>Where a loop stands.</summary>
/// <param name="LastBeat">When it last went round without a fault, UTC; null when it never did.</param>
/// <param name="Fault">The kind of the present fault; null when there is none.</param>
internal sealed record LoopState(DateTimeOffset? LastBeat, string? Fault);
