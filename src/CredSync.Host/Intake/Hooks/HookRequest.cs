namespace CredSync.Host.Intake.Hooks;

/// <summary>What arrived at a source's address, as far as it matters; without HTTP types, so that it can be tried a hundred thousand times a second.</summary>
internal sealed record HookRequest
{
    public required string Method { get; init; }

    /// <summary>The path after the source's name, decoded, without slashes at its ends.</summary>
    public string Rest { get; init; } = "";

    /// <summary>The query with its question mark; empty when there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>The value of a header; null when it is missing.</summary>
    public required Func<string, string?> Header { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>What becomes of it.</summary>
internal sealed record HookVerdict
{
    public required int Status { get; init; }

    /// <summary>JSON to answer with; null for an empty answer.</summary>
    public string? Json { get; init; }

    /// <summary>What is stored before the answer; null when nothing is.</summary>
    public Ledger.DeliveryRow? Row { get; init; }

    /// <summary>Why it was refused, a word for the log; null when it was not.</summary>
    public string? Refused { get; init; }

    public static HookVerdict Refuse(int status, string word) => new() { Status = status, Refused = word, Json = $$"""{"error":"{{word}}"}""" };
}
