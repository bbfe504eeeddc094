namespace CredSync.OpenBadges.Proofs;

/// <summary>The names of the cryptosuites in proofs.</summary>
internal static class CryptosuiteName
{
    public static string Of(Cryptosuite suite) => suite switch
    {
        Cryptosuite.EddsaRdfc2022 => "eddsa-rdfc-2022",
        Cryptosuite.EddsaJcs2022 => "eddsa-jcs-2022",
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };

    public static Cryptosuite? Read(string? name) => name switch
    {
        "eddsa-rdfc-2022" => Cryptosuite.EddsaRdfc2022,
        "eddsa-jcs-2022" => Cryptosuite.EddsaJcs2022,
        _ => null,
    };
}
