namespace CredSync.Sandbox.Credly;

/// <summary>A badge that a play Credly issued. Everything but its state is as it was sent.</summary>
public sealed record CredlyBadge
{
    /// <summary>Credly's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>The template.</summary>
    public required string Template { get; init; }

    /// <summary>The address that it was issued to.</summary>
    public required string Email { get; init; }

    /// <summary>Given name.</summary>
    public required string FirstName { get; init; }

    /// <summary>Family name.</summary>
    public required string LastName { get; init; }

    /// <summary>The issuing organization's own id of the person; null when it sent none.</summary>
    public string? EarnerId { get; init; }

    /// <summary>When it was earned.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary><c>pending</c>, <c>accepted</c>, <c>rejected</c> or <c>revoked</c>.</summary>
    public string State { get; init; } = "pending";

    /// <summary>Why it was revoked; null when it was not.</summary>
    public string? RevocationReason { get; init; }
}
