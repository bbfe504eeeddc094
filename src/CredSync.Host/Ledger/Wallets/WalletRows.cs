namespace CredSync.Host.Ledger.Wallets;

/// <summary>A program that registered to collect credentials for learners.</summary>
internal sealed record WalletClient
{
    public required string Id { get; init; }

    /// <summary>Digest of its secret.</summary>
    public required string SecretHash { get; init; }

    /// <summary>What it calls itself; a stranger's words.</summary>
    public required string Name { get; init; }

    /// <summary>Its home page; all its addresses have this host.</summary>
    public required string Home { get; init; }

    /// <summary>Where a browser may be sent back to, exactly.</summary>
    public required IReadOnlyList<string> Redirects { get; init; }

    /// <summary>What it may ever ask for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }
}

/// <summary>What a learner allowed a wallet.</summary>
internal sealed record WalletGrant
{
    public required Guid Id { get; init; }

    public required string Client { get; init; }

    public required Guid Subject { get; init; }

    /// <summary>The issuer at whose address it was allowed; it holds there only.</summary>
    public required string Issuer { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>A secret that stands for a grant.</summary>
internal sealed record WalletSecret
{
    /// <summary>Digest of the secret.</summary>
    public required string Hash { get; init; }

    /// <summary><c>code</c>, <c>access</c> or <c>refresh</c>.</summary>
    public required string Kind { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Of a code: where the browser was sent back to.</summary>
    public string? Redirect { get; init; }

    /// <summary>Of a code: the challenge whose answer redeems it.</summary>
    public string? Challenge { get; init; }

    /// <summary>When a code was redeemed; null while it was not.</summary>
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>A secret with the grant it stands for.</summary>
internal sealed record HeldSecret(WalletSecret Secret, WalletGrant Grant);

/// <summary>A credential that a wallet handed in.</summary>
internal sealed record CollectedCredential
{
    public required string IssuerId { get; init; }

    public required string CredentialId { get; init; }

    public required string MediaType { get; init; }

    public required string Content { get; init; }

    public required DateTimeOffset ValidFrom { get; init; }

    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>What became of a credential that was handed in.</summary>
internal enum Collecting
{
    /// <summary>It is new here.</summary>
    Created,

    /// <summary>It took the place of an earlier version, or was here already.</summary>
    Replaced,

    /// <summary>A later version is here.</summary>
    Outdated,

    /// <summary>The person has as many as are kept.</summary>
    Full,
}

/// <summary>The person behind a grant, as wallets of their own may see them. Personal data.</summary>
internal sealed record WalletPerson(string? Name, string? Email, IReadOnlyList<string> Emails);
