namespace CredSync.Sandbox.Accredible;

/// <summary>A credential at a play Accredible. Everything but what a client changed is as it was sent.</summary>
public sealed record AccredibleAward
{
    /// <summary>Accredible's number of it.</summary>
    public required string Id { get; init; }

    /// <summary>The client's own reference; null when it sent none.</summary>
    public string? Reference { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The recipient's name.</summary>
    public required string Name { get; init; }

    /// <summary>The recipient's address.</summary>
    public required string Email { get; init; }

    /// <summary>The day on which it was earned.</summary>
    public required DateOnly IssuedOn { get; init; }

    /// <summary>Its last day; null for none.</summary>
    public DateOnly? ExpiredOn { get; init; }

    /// <summary>Whether it is published.</summary>
    public bool Published { get; init; } = true;

    /// <summary>Evidence pages that were sent along.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Whether it was deleted.</summary>
    public bool Deleted { get; init; }
}
