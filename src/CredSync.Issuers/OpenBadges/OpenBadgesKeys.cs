using System.Buffers.Text;
using CredSync.Issuers.Http;
using CredSync.OpenBadges.Keys;
using CredSync.Registration;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Finds an issuer's keys: in the vault of the executable, if it has one; in the secrets that the configuration refers to; in files, which are made on first use.</summary>
internal sealed class OpenBadgesKeys(IssuerIdentity issuer, OpenBadgesOptions options, ISigningKeyVault? vault)
{
    private readonly string who = $"The built-in issuer '{issuer.Name}'";

    /// <summary>Whether opening makes no key that is not there yet.</summary>
    /// <param name="identity">Names the files.</param>
    public bool Exist(OpenBadgesIdentity identity) => vault is not null || options.SigningKey is not null || File.Exists(identity.KeyPath);

    /// <summary>The key of embedded proofs.</summary>
    /// <exception cref="IssuerException">It cannot be opened or made.</exception>
    public SigningKey Open(OpenBadgesIdentity identity) =>
        FromVault(v => v.Open(issuer.Name, KeyAlgorithm.Ed25519))
        ?? FromSecret(options.SigningKey, "signing_key")
        ?? FromFile(identity.KeyPath, KeyAlgorithm.Ed25519);

    /// <summary>The key of tokens. RSA unless another is given, because its signatures repeat: the same request gives the same token, which an elliptic curve's random number prevents.</summary>
    /// <exception cref="IssuerException">It cannot be opened or made.</exception>
    public SigningKey OpenForTokens(OpenBadgesIdentity identity) =>
        FromVault(v => v.Open(issuer.Name, KeyAlgorithm.Rsa))
        ?? FromSecret(options.TokenKey, "token_key")
        ?? FromFile(identity.TokenKeyPath, KeyAlgorithm.Rsa);

    /// <summary>The secret from which salts and pseudonyms are derived.</summary>
    /// <exception cref="IssuerException">It cannot be read or made.</exception>
    public byte[] Salt(OpenBadgesIdentity identity)
    {
        if (FromVault(v => v.Salt(issuer.Name)) is { } kept)
        {
            return kept.Length == OpenBadgesSecrets.Length ? kept : throw Unusable("The vault's salt");
        }

        if (options.Salt is not { } secret)
        {
            return OpenBadgesSecrets.LoadOrCreate(identity.SecretPath);
        }

        // Either alphabet, with or without padding: what openssl, python and browsers write.
        string text = SecretReading.Read(who, secret, "salt").Replace('+', '-').Replace('/', '_').TrimEnd('=');
        return Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: OpenBadgesSecrets.Length } given ? given : throw Unusable(secret.Reference);

        IssuerException Unusable(string what) => new(FaultKind.Misconfigured, "issuer-secret-unusable",
            $"{who} cannot use its salt: {what} is not {OpenBadgesSecrets.Length} bytes{(vault is null ? " in base64" : "")}. Restore the one that the issuer began with; for a new issuer, `openssl rand -base64 32` makes one.");
    }

    private T? FromVault<T>(Func<ISigningKeyVault, T?> ask)
        where T : class
    {
        try
        {
            return vault is null ? null : ask(vault);
        }
        catch (KeyException fault)
        {
            throw Unreachable(fault);
        }
    }

    /// <summary>The fault of a key that is kept elsewhere and did not sign.</summary>
    public IssuerException Unreachable(KeyException fault) => new(FaultKind.Outage, "issuer-key-unreachable", $"{who} cannot use its key in the vault: {fault.Message}", inner: fault);

    private SigningKey? FromSecret(Secret? secret, string setting)
    {
        if (secret is null)
        {
            return null;
        }

        string text = SecretReading.Read(who, secret, setting);
        try
        {
            return SigningKeyText.Parse(text);
        }
        catch (KeyException fault)
        {
            throw new IssuerException(FaultKind.Misconfigured, "issuer-key-unusable", $"{who} cannot use its {setting} ({secret.Reference}): {fault.Message}", inner: fault);
        }
    }

    private static SigningKey FromFile(string path, KeyAlgorithm algorithm)
    {
        try
        {
            return SigningKeyFile.LoadOrCreate(path, algorithm);
        }
        catch (KeyException fault)
        {
            throw new IssuerException(FaultKind.Misconfigured, "issuer-key-unusable", fault.Message, inner: fault);
        }
    }
}
