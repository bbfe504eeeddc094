using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Debug, "Issuance {Issuance} is being minted by another worker; it is looked at again when the lease of that one is over")]
    public static partial void AnotherWorkerIsMinting(ILogger logger, Guid issuance);

    [LoggerMessage(4002, LogLevel.Error, "Issuer {Issuer} failed in an unforeseen way at issuance {Issuance}")]
    public static partial void IssuerDefect(ILogger logger, string issuer, Guid issuance, Exception exception);

    [LoggerMessage(4003, LogLevel.Warning, "Issuer {Issuer} refused issuance {Issuance}: {Cause}. {Reason}")]
    public static partial void Refused(ILogger logger, string issuer, Guid issuance, string cause, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "Issuer {Issuer} did not revoke issuance {Issuance}: {Cause}. {Reason}")]
    public static partial void RevocationRefused(ILogger logger, string issuer, Guid issuance, string cause, string reason);

    [LoggerMessage(4006, LogLevel.Warning, "The documents of issuer {Issuer} could not be brought up to date; it is tried again: {Sentence}")]
    public static partial void NotPublished(ILogger logger, string issuer, string sentence);

    [LoggerMessage(4004, LogLevel.Warning, "The issue journal is away; what was minted is written as soon as it is back: {Sentence}")]
    public static partial void JournalAway(ILogger logger, string sentence);
}
