using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Polled {Source}: read {Read}, new {Added}, revised {Revised}, unchanged {Unchanged}, set aside {Unreadable}; planned {Planned}, held {Held}")]
    public static partial void Polled(ILogger logger, string source, int read, int added, int revised, int unchanged, int unreadable, int planned, int held);

    [LoggerMessage(1002, LogLevel.Warning, "Source {Source} backs off for {Wait} ({Kind}): {Sentence}")]
    public static partial void BackedOff(ILogger logger, string source, FaultKind kind, TimeSpan wait, string sentence);

    [LoggerMessage(1003, LogLevel.Error, "Source {Source} is paused until someone resumes it: {Sentence}")]
    public static partial void Paused(ILogger logger, string source, string sentence);

    [LoggerMessage(1004, LogLevel.Error, "Source {Source} failed in an unforeseen way")]
    public static partial void AdapterDefect(ILogger logger, string source, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "Polling {Source} failed before the platform was asked and will be tried again ({Kind}): {Sentence}")]
    public static partial void PollFailed(ILogger logger, string source, string kind, string sentence);

    [LoggerMessage(1006, LogLevel.Warning, "Polling {Source} was cut short and goes on from its last committed page: {Sentence}")]
    public static partial void LedgerAway(ILogger logger, string source, string sentence);

    [LoggerMessage(1007, LogLevel.Debug, "Source {Source} is not in this worker's configuration; the workers that have it poll it")]
    public static partial void NotOurs(ILogger logger, string source);

    [LoggerMessage(1020, LogLevel.Warning, "Wishes for a poll wait until the ledger is back: {Sentence}")]
    public static partial void WishesWait(ILogger logger, string sentence);

    [LoggerMessage(1011, LogLevel.Debug, "Took {Count} deliveries of {Source}: new {Added}, revised {Revised}, unchanged {Unchanged}, set aside {Unreadable}; planned {Planned}, held {Held}")]
    public static partial void Delivered(ILogger logger, string source, int count, int added, int revised, int unchanged, int unreadable, int planned, int held);

    [LoggerMessage(1012, LogLevel.Warning, "Deliveries of {Source} could not be taken: {Later} wait to be tried again, {Aside} were set aside; the first: {Sentence}")]
    public static partial void DeliveriesLeft(ILogger logger, string source, int later, int aside, string sentence);

    [LoggerMessage(1013, LogLevel.Warning, "Taking deliveries of {Source} failed and is tried again ({Kind}): {Sentence}")]
    public static partial void TakingFailed(ILogger logger, string source, string kind, string sentence);

    [LoggerMessage(1014, LogLevel.Warning, "Deliveries to {Source} were refused, {Count} since the last line ({Status} {Reason})")]
    public static partial void HookRefused(ILogger logger, string source, int count, int status, string reason);

    [LoggerMessage(1015, LogLevel.Error, "A delivery to {Source} could not be taken and its sender was asked to come again: {Sentence}")]
    public static partial void HookUnavailable(ILogger logger, string source, string sentence);
}
