using CredSync.Sources;

namespace CredSync.Host.Ledger;

/// <summary>Where a delivery stands.</summary>
internal enum DeliveryState
{
    /// <summary>Stored, not yet taken.</summary>
    Waiting,

    /// <summary>What it means is in the ledger.</summary>
    Taken,

    /// <summary>It cannot be taken; kept with its reason until its time is over.</summary>
    SetAside,
}

/// <summary>A delivery to store.</summary>
internal sealed record DeliveryRow
{
    public required string Source { get; init; }

    public required WebhookDelivery Delivery { get; init; }

    /// <summary>Why it is set aside at once; null when it waits to be taken.</summary>
    public string? Cause { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>A delivery that this worker has claimed.</summary>
internal sealed record ClaimedDelivery(long Number, WebhookDelivery Delivery, int Attempt);

/// <summary>What became of a claimed delivery that was not taken.</summary>
internal sealed record DeliveryEnd
{
    public required long Number { get; init; }

    public required string Cause { get; init; }

    public required string Sentence { get; init; }

    /// <summary>When it is tried again; null when it is set aside.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>Which stored deliveries are meant.</summary>
internal sealed record DeliveryFilter
{
    public required string Source { get; init; }

    /// <summary>The sender's id; null for all.</summary>
    public string? Id { get; init; }

    /// <summary>Received then or later; null from the oldest.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before; null up to the newest.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only those in this state; null for all.</summary>
    public DeliveryState? State { get; init; }

    /// <summary>Only after this number, for the next page.</summary>
    public long After { get; init; }
}

/// <summary>A stored delivery.</summary>
internal sealed record DeliveryLine
{
    public required long Number { get; init; }

    public required WebhookDelivery Delivery { get; init; }

    public required DeliveryState State { get; init; }

    public required int Attempts { get; init; }

    public string? Cause { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>How many deliveries of a source wait or were set aside.</summary>
internal sealed record DeliveryCount(string Source, long Waiting, long SetAside, DateTimeOffset? OldestWaiting);
