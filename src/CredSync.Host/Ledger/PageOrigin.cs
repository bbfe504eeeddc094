using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>Where a page comes from, and what committing it settles.</summary>
/// <param name="Source">The source.</param>
internal abstract record PageOrigin(string Source);

/// <summary>A run that holds a source's lease; its page moves the cursor.</summary>
internal sealed record RunLease(long Run, string Source, string Owner, Cursor? Since, TimeSpan Lease) : PageOrigin(Source);

/// <summary>Claimed deliveries; their page marks them taken.</summary>
internal sealed record DeliveryClaim(string Source, string Owner, IReadOnlyList<long> Numbers) : PageOrigin(Source);

/// <summary>Held completions of a source that are matched again, or with an empty name people who are brought up to date; no cursor moves.</summary>
internal sealed record HeldOrigin(string Source) : PageOrigin(Source);
