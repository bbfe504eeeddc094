using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Jobs;

internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Information, "Job {Job} ({Kind}) is {State}: {Succeeded} succeeded, {Failed} failed, {Skipped} were settled before")]
    public static partial void JobEnded(ILogger logger, long job, string kind, string state, long succeeded, long failed, long skipped);

    [LoggerMessage(4102, LogLevel.Warning, "Jobs wait and are tried again ({Kind}): {Sentence}")]
    public static partial void JobsFailed(ILogger logger, string kind, string sentence);
}
