namespace CredSync.Sandbox.Coursera;

/// <summary>A learning program of the organisation, under a contract.</summary>
public sealed record CourseraProgram
{
    /// <summary>The program's id: opaque, 22 characters.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The name in addresses.</summary>
    public required string Slug { get; init; }

    /// <summary>The contract's id.</summary>
    public string ContractId { get; init; } = "cK1m9yP2Ee6a7w0T3q8ZtA";

    /// <summary>The contract's name.</summary>
    public string ContractName { get; init; } = "Northwind 2026";

    /// <summary>What can be learned in it.</summary>
    public IReadOnlyList<string> ContentIds { get; init; } = [];
}
