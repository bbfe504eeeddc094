namespace CredSync.Sandbox.VcApi;

/// <summary>A tenant of a play issuer coordinator: its token, what it signed, and the status of that.</summary>
public sealed class VcApiWorld
{
    private readonly List<string> _signed = [];
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);

    /// <summary>The tenant's name.</summary>
    public string Tenant { get; init; } = "northwind";

    /// <summary>The tenant's token.</summary>
    public string Token { get; init; } = "northwind-play-coordinator";

    /// <summary>The DID that the service puts in for the issuer's id.</summary>
    public string Did { get; init; } = "did:web:issuer.northwind.example";

    /// <summary>Whether the status service is on. False: revoking answers 405.</summary>
    public bool HasStatus { get; set; } = true;

    /// <summary>The ids of what was signed, once for each call: the service guards against nothing.</summary>
    public IReadOnlyList<string> Credentials
    {
        get
        {
            lock (Gate)
            {
                return [.. _signed];
            }
        }
    }

    internal Lock Gate { get; } = new();

    /// <summary>Whether a credential was revoked.</summary>
    /// <param name="id">Its id.</param>
    public bool IsRevoked(string id)
    {
        lock (Gate)
        {
            return _revoked.Contains(id);
        }
    }

    internal int Sign(string id)
    {
        _signed.Add(id);
        return _signed.Count - 1;
    }

    internal bool Revoke(string id)
    {
        if (!_signed.Contains(id))
        {
            return false;
        }

        _revoked.Add(id);
        return true;
    }
}
