using Microsoft.Extensions.Logging;

namespace CredSync.Host.Queue;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "The queue is away, this worker starts without it and goes on when it is back: {Sentence}")]
    public static partial void BrokerAway(ILogger logger, string sentence);

    [LoggerMessage(6002, LogLevel.Error, "A message on queue {Queue} could not be handled ({Kind}, {Fault}); a record of it is on the credsync-unhandled queue of that kind, and the ledger sends again what got no answer")]
    public static partial void Unhandled(ILogger logger, string queue, string kind, string fault);
}
