namespace CredSync.Sources;

/// <summary>One message that a platform sent.</summary>
public sealed record WebhookDelivery
{
    /// <summary>Identity of the message within its source, unchanged when it is sent again: the sender's own id, else derived from the body.</summary>
    public required string Id { get; init; }

    /// <summary>When it arrived, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What followed the source's name in the address, without the leading slash and with the query, for example <c>statements?statementId=…</c>. Empty when nothing did. Holds no secret.</summary>
    public string Target { get; init; } = "";

    /// <summary>The body: well-formed JSON in UTF-8 without a byte order mark. A shared token that stood in it has been taken out.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>How to answer a delivery.</summary>
public sealed record WebhookReceipt
{
    /// <summary>Taken, answered with 202 and no body.</summary>
    public static WebhookReceipt Taken { get; } = new();

    /// <summary>The HTTP status, 200 to 299. Default 202. Not used with <see cref="Malformed"/>.</summary>
    public int Status { get; init; } = 202;

    /// <summary>JSON to answer with; null for an empty answer.</summary>
    public string? Json { get; init; }

    /// <summary>What is wrong with the delivery's shape, in one sentence for the operator, without personal data; it is answered with 400 and set aside. Null when it has the platform's shape.</summary>
    public string? Malformed { get; init; }

    /// <summary>Refuses a delivery that has not the platform's shape.</summary>
    /// <param name="sentence">What is wrong, in one sentence for the operator; no personal data.</param>
    public static WebhookReceipt Refuse(string sentence) => new() { Status = 400, Malformed = sentence };
}

/// <summary>What a delivery means.</summary>
public sealed record WebhookReading
{
    /// <summary>A delivery that is about something that is no completion.</summary>
    public static WebhookReading Nothing { get; } = new();

    /// <summary>The completions that it tells of; may be empty.</summary>
    public IReadOnlyList<Completions.Completion> Completions { get; init; } = [];

    /// <summary>Records that could not be mapped; they are set aside with their reason.</summary>
    public IReadOnlyList<UnreadableRecord> Unreadable { get; init; } = [];
}
