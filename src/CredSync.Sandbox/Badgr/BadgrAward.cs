namespace CredSync.Sandbox.Badgr;

/// <summary>An assertion at a play Badgr. Everything but its revocation is as it was sent.</summary>
public sealed record BadgrAward
{
    /// <summary>The server's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>The badge class.</summary>
    public required string BadgeClass { get; init; }

    /// <summary>The recipient's address.</summary>
    public required string Email { get; init; }

    /// <summary>When it was earned.</summary>
    public required DateTimeOffset IssuedOn { get; init; }

    /// <summary>When it expires; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it was revoked; null when it was not.</summary>
    public string? RevocationReason { get; init; }
}
