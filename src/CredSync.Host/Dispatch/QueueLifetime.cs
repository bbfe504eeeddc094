namespace CredSync.Host.Dispatch;

/// <summary>What the dispatcher knows about the queue.</summary>
/// <param name="DiesWithProcess">True for the in-memory queue: what was sent before this process began is not in it any more.</param>
/// <param name="IsReachable">Whether the queue would take a message now.</param>
internal sealed record QueueLifetime(bool DiesWithProcess, Func<bool> IsReachable);
