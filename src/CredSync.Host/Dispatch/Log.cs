using Microsoft.Extensions.Logging;

namespace CredSync.Host.Dispatch;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Sent again: {Count} issuances that had no outcome")]
    public static partial void SentAgain(ILogger logger, int count);

    [LoggerMessage(3002, LogLevel.Warning, "Dispatch failed and will be tried again ({Kind}): {Sentence}")]
    public static partial void DispatchFailed(ILogger logger, string kind, string sentence);

    [LoggerMessage(3003, LogLevel.Debug, "The line that wakes the dispatcher broke ({Fault}); it is opened again, and until then the dispatcher looks by itself")]
    public static partial void ListeningBroke(ILogger logger, string fault);
}
