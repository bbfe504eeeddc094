using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>Where a page comes from, and what committing it settles.</summary>
/// <param name="Source">The source.</param>
internal abstract record PageOrigin(string Source)
{
    /// <summary>For how long the page claims what it plans, so that its worker can send it at once; null when its lines wait for a dispatcher.</summary>
    public TimeSpan? ClaimFor { get; init; }
}

/// <summary>A run that holds a source's lease; its page moves the cursor.</summary>
internal sealed record RunLease(long Run, string Source, string Owner, Cursor? Since, TimeSpan Lease) : PageOrigin(Source);

/// <summary>Claimed deliveries; their page marks them taken.</summary>
internal sealed record DeliveryClaim(string Source, string Owner, IReadOnlyList<long> Numbers) : PageOrigin(Source);

/// <summary>Held completions of a source that are matched again, or with an empty name people who are brought up to date; no cursor moves.</summary>
internal sealed record HeldOrigin(string Source) : PageOrigin(Source);
