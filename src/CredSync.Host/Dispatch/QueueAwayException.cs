namespace CredSync.Host.Dispatch;

/// <summary>The queue does not take messages now; the dispatcher tries again.</summary>
internal sealed class QueueAwayException(string sentence, Exception? inner = null) : Exception(sentence, inner);
