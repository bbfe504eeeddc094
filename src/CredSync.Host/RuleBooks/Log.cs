using Microsoft.Extensions.Logging;

namespace CredSync.Host.RuleBooks;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "The changed configuration is not in force, the last good one stays: {File}:{Line}:{Column} {Code} {Sentence}")]
    public static partial void ChangeRefused(ILogger logger, string file, int line, int column, string code, string sentence);

    [LoggerMessage(1102, LogLevel.Information, "Rule book {Revision} with {Count} credentials is in force")]
    public static partial void RuleBookInForce(ILogger logger, string revision, int count);

    [LoggerMessage(1103, LogLevel.Warning, "The configuration files cannot be read at the moment: {Sentence}")]
    public static partial void FilesUnreadable(ILogger logger, string sentence);

    [LoggerMessage(1104, LogLevel.Warning, "Start this worker again: {Change} while it ran. Rules and all else are in force already")]
    public static partial void RestartWanted(ILogger logger, string change);
}
