namespace CredSync.Issuers.Http;

/// <summary>Reads a secret at the moment it is needed.</summary>
internal static class SecretReading
{
    /// <summary>The value of a secret.</summary>
    /// <param name="who">The service and issuer in words.</param>
    /// <param name="secret">The secret; null when the configuration names none.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <exception cref="IssuerException"><see cref="FaultKind.Misconfigured"/>: there is none, or it cannot be read.</exception>
    public static string Read(string who, Secret? secret, string setting)
    {
        if (secret is null)
        {
            throw new IssuerException(FaultKind.Misconfigured, "issuer-secret-missing", $"{who} has no '{setting}': name the secret as env:NAME or file:/path.");
        }

        string value;
        try
        {
            value = secret.Reveal().Trim();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What went wrong is left out on purpose: a failing reader may quote what it read.
            throw new IssuerException(FaultKind.Misconfigured, "issuer-secret-missing", $"{who} cannot read its secret {secret.Reference}: provide it to this process.");
        }

        return value.Length > 0
            ? value
            : throw new IssuerException(FaultKind.Misconfigured, "issuer-secret-missing", $"{who} finds its secret {secret.Reference} empty: provide it to this process.");
    }
}
