using CredSync.Issuers;

namespace CredSync.Host.Issue;

/// <summary>The configured issuers by name.</summary>
internal sealed class IssuerRegistry(IReadOnlyDictionary<string, ICredentialIssuer> issuers)
{
    /// <summary>Names of all configured issuers; each has a queue of its own, so a slow one holds nobody up.</summary>
    public IEnumerable<string> Names => issuers.Keys;

    /// <summary>All issuers.</summary>
    public IReadOnlyDictionary<string, ICredentialIssuer> All => issuers;

    /// <summary>An issuer by name.</summary>
    /// <exception cref="IssuerException">None is configured under this name.</exception>
    public ICredentialIssuer Find(string name) => issuers.TryGetValue(name, out ICredentialIssuer? issuer)
        ? issuer
        : throw new IssuerException(FaultKind.Misconfigured, "issuer-unknown", $"No issuer is called '{name}' in this worker's configuration; add it under config/issuers, or let the worker that has it take this queue.");
}
