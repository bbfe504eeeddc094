namespace CredSync.Host.Operations.Wallets;

/// <summary>What a wallet can be allowed (Open Badges 3.0 section 6.2.1).</summary>
internal static class WalletScopes
{
    public const string Read = Prefix + "credential.readonly";

    public const string Upsert = Prefix + "credential.upsert";

    public const string Profile = Prefix + "profile.readonly";

    /// <summary>Asks for a refresh token; it is no permission of its own.</summary>
    public const string Offline = "offline_access";

    private const string Prefix = "https://purl.imsglobal.org/spec/ob/v3p0/scope/";

    /// <summary>What is offered, with what it means to a learner.</summary>
    public static readonly IReadOnlyDictionary<string, string> Offered = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Read] = "see and copy the credentials that you earned here",
        [Profile] = "see your name and e-mail address as they are known here",
        [Upsert] = "store credentials of yours from elsewhere here",
        [Offline] = "do so until you take it back, also while you are away",
    };

    /// <summary>The words of a list.</summary>
    public static string[] Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
}
