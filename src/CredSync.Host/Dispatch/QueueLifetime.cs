namespace CredSync.Host.Dispatch;

/// <summary>Whether the queue outlives this process.</summary>
/// <param name="DiesWithProcess">True for the in-memory queue: what was sent before this process began is not in it any more.</param>
internal sealed record QueueLifetime(bool DiesWithProcess);
