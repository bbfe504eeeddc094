namespace CredSync.Host;

/// <summary>What a worker process does; any mix, in any number of processes that share a ledger and a queue.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Polls sources, takes webhooks in, decides.</summary>
    Intake = 1,

    /// <summary>Moves planned issuances to the queue and closes lines with outcomes.</summary>
    Dispatch = 2,

    /// <summary>Mints credentials.</summary>
    Issue = 4,

    /// <summary>Health, pages and the operators' interface over HTTP.</summary>
    Operations = 8,

    /// <summary>Everything in one process.</summary>
    All = Intake | Dispatch | Issue | Operations,
}
