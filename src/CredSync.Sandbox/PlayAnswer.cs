namespace CredSync.Sandbox;

/// <summary>An answer before it is sent, so that faults can change it.</summary>
internal sealed record PlayAnswer
{
    public required int Status { get; init; }

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
