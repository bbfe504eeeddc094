namespace CredSync.Host.Queue;

/// <summary>The names of the queues, which are part of the wire: foreign consumers and operators know them.</summary>
internal static class QueueNames
{
    /// <summary>Where outcomes come back.</summary>
    public const string Outcome = "credential-outcome";

    /// <summary>The queue of an issuer; a foreign consumer listens here.</summary>
    public static string OfIssuer(string issuer) => $"issue-credential-{issuer}";

    /// <summary>The kinds of fault that leave a record. An outage is none of them: its messages stay where they are.</summary>
    public static readonly IReadOnlyList<string> UnhandledKinds = ["poison", "unknown-message", "bad-configuration", "defect"];

    /// <summary>Where a record of each message is left that nobody could handle, a queue for each kind of fault; it names the message and the reason, never a person.</summary>
    /// <param name="kind">One of <see cref="UnhandledKinds"/>.</param>
    public static string OfUnhandled(string kind) => $"credsync-unhandled-{kind}";
}
