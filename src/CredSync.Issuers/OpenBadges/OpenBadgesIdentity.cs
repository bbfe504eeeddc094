using CredSync.OpenBadges.Keys;
using CredSync.Registration;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The settings of an issuer, resolved: its DID, base address and files. Pure; nothing is opened.</summary>
internal sealed record OpenBadgesIdentity
{
    public required string Did { get; init; }

    /// <summary>Base address without a trailing slash; null when it has none.</summary>
    public required string? Address { get; init; }

    public required string KeyPath { get; init; }

    public string TokenKeyPath => KeyPath + ".jwt";

    public string SecretPath => KeyPath + ".salt";

    /// <exception cref="IssuerException">The settings contradict each other or lack something.</exception>
    public static OpenBadgesIdentity From(IssuerIdentity issuer, OpenBadgesOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Name))
        {
            throw Wrong("issuer-name-missing", $"The issuer '{issuer.Name}' has no name; set name to the organisation's.");
        }

        return new()
        {
            Did = Find(issuer, options),
            Address = options.Url?.AbsoluteUri.TrimEnd('/'),
            KeyPath = string.IsNullOrWhiteSpace(options.Key) ? Path.Combine(issuer.DataFolder, "keys", issuer.Name + ".key") : options.Key,
        };
    }

    private static string Find(IssuerIdentity issuer, OpenBadgesOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Did))
        {
            return options.Did.StartsWith("did:", StringComparison.Ordinal) && !options.Did.Contains('#', StringComparison.Ordinal)
                ? options.Did
                : throw Wrong("issuer-did-malformed", $"The did of the issuer '{issuer.Name}' must begin with did: and have no fragment.");
        }

        if (options.Url is null)
        {
            throw Wrong("issuer-address-missing", $"The issuer '{issuer.Name}' has neither url nor did; set url to the https address under which it will be found.");
        }

        try
        {
            return DidWeb.FromUrl(options.Url);
        }
        catch (KeyException fault)
        {
            throw Wrong("issuer-address-unusable", $"The url of the issuer '{issuer.Name}' gives no DID: {fault.Message}", fault);
        }
    }

    private static IssuerException Wrong(string cause, string sentence, Exception? inner = null) => new(FaultKind.Misconfigured, cause, sentence, inner: inner);
}
