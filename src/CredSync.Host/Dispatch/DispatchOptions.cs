using System.ComponentModel.DataAnnotations;

namespace CredSync.Host.Dispatch;

/// <summary>How planned issuances reach the queue; section <c>Dispatch</c> of appsettings.json.</summary>
public sealed class DispatchOptions
{
    /// <summary>Most issuances claimed and published at a time. Range 1 to 10000, default 500.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// Most issuances in one message. Range 1 to 1000, default 64, which keeps a message below the size from which the runtime collects it apart. With 1 each travels alone as an <c>IssueCredential</c>, the contract for a consumer of your own; what
    /// is sent again always travels alone.
    /// </summary>
    [Range(1, 1_000)]
    public int MostPerMessage { get; set; } = 64;

    /// <summary>How often the ledger is looked at when nothing signals new work. Range 50 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a claim lasts before another dispatcher may publish it. Range 5 s to 10 min, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan ClaimLease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What was sent and has no outcome after this long is sent again; the journal makes a repeat harmless. Range 10 s to 7 d, default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Most issuances sent and not answered at a time; keeps an in-memory queue small. Range 100 to 1000000, default 2000.</summary>
    [Range(100, 1_000_000)]
    public int MostUnanswered { get; set; } = 2_000;
}
