namespace CredSync.Sandbox.Coursera;

/// <summary>A member of the organisation.</summary>
public sealed record CourseraMember
{
    /// <summary>What single sign-on or the administrator gave; the full e-mail address where nothing was given. Compared without regard to letter case.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name.</summary>
    public required string FullName { get; init; }

    /// <summary>The e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>When the membership was deleted; null for a member.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The business unit; null when it is not told.</summary>
    public string? BusinessUnit { get; init; }
}
