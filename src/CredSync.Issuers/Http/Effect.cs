namespace CredSync.Issuers.Http;

/// <summary>What a request does at the issuer; decides whether it may be sent again and what its silence means.</summary>
internal enum Effect
{
    /// <summary>Changes nothing, or changes the same thing each time: may be sent again.</summary>
    Repeatable,

    /// <summary>Mints: silence leaves it in doubt.</summary>
    Mint,
}
