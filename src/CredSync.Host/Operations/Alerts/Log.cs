using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Alerts;

internal static partial class Log
{
    [LoggerMessage(4201, LogLevel.Warning, "The {Channel} did not take the alert {Alert} ({Kind}); it is told again at the next look unless another channel took it")]
    public static partial void ChannelFailed(ILogger logger, string channel, string alert, string kind);
}
