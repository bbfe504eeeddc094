using Microsoft.Extensions.Logging;

namespace CredSync.Host.People;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Information, "People are up to date with the directory of {Rows} rows; {Matched} of {Looked} held completions have a person now")]
    public static partial void UpToDate(ILogger logger, int rows, int matched, int looked);

    [LoggerMessage(1202, LogLevel.Warning, "Bringing people up to date failed and will be tried again ({Kind}): {Sentence}")]
    public static partial void LookFailed(ILogger logger, string kind, string sentence);
}
