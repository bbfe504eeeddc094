namespace CredSync.Host.Queue;

/// <summary>The names of the queues, which are part of the wire: foreign consumers and operators know them.</summary>
internal static class QueueNames
{
    /// <summary>Where outcomes come back.</summary>
    public const string Outcome = "credential-outcome";

    /// <summary>Where a record of each message is left that nobody could handle; it names the message and the reason, never a person.</summary>
    public const string Unhandled = "credsync-unhandled";

    /// <summary>The queue of an issuer; a foreign consumer listens here.</summary>
    public static string OfIssuer(string issuer) => $"issue-credential-{issuer}";
}
