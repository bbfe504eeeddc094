namespace CredSync.Sources;

/// <summary>Stands for an e-mail address in a natural key. Keys are shown in commands and logs, and addresses must not be.</summary>
internal static class EmailKey
{
    private static readonly Guid Space = new("5d1f5b0a-7f2e-5c3b-9a64-1d0c8a4e2b71");

    /// <summary>The same text for the same address in any letter case.</summary>
    /// <param name="address">The address.</param>
    public static string Of(string address) => NameBasedUuid.Create(Space, "mailto:" + address.Trim().ToLowerInvariant()).ToString("N");

    /// <summary>An identifier as it may stand in a key: as it is, unless it is an address, which organisations use as employee numbers, log-in and account names too.</summary>
    /// <param name="identifier">The identifier's value.</param>
    public static string Within(string identifier) => identifier.Contains('@', StringComparison.Ordinal) ? Of(identifier) : identifier;
}
