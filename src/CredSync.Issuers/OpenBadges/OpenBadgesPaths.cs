namespace CredSync.Issuers.OpenBadges;

/// <summary>What stands where below an issuer's public address.</summary>
internal static class OpenBadgesPaths
{
    /// <summary>The DID document as did:web of an address with a path finds it; at the root it is found under <see cref="WellKnownDid"/>.</summary>
    public const string Did = "/did.json";

    /// <summary>Where the mark of the issuer's secret is kept; never answered.</summary>
    public const string SecretMark = "/.mark";

    /// <summary>The DID document as did:web of a bare host finds it.</summary>
    public const string WellKnownDid = "/.well-known/did.json";
}
