using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;
using Microsoft.AspNetCore.WebUtilities;

namespace CredSync.Host.Operations.Wallets;

/// <summary>
/// Where a learner allows a wallet to collect (RFC 6749 section 4.1.1, with PKCE). The learner shows who they are by a code that an operator made for them
/// (<c>credsync claim</c>); there is no session and no cookie, so nobody else's page can make a browser say yes.
/// </summary>
internal sealed class WalletConsent(WalletLedger ledger, TimeProvider time)
{
    // Names of grants stand in this namespace; the secret that each is made of is random.
    private static readonly Guid Grants = new("5f0a7c8e-3b1d-5e42-9c56-7d4e2a1b9f30");
    private static readonly TimeSpan CodeLives = TimeSpan.FromMinutes(10);

    public async Task<PublicAnswer> AnswerAsync(WalletCall call, IReadOnlyCollection<string> offered, CancellationToken ct)
    {
        bool decides = call.Request.Method == "POST";
        IReadOnlyDictionary<string, string> given = decides ? call.Form() : call.Request.Query;
        WalletClient? client = given.GetValueOrDefault("client_id") is { Length: > 0 and <= 100 } id ? await ledger.ClientAsync(id, ct).ConfigureAwait(false) : null;
        string redirect = given.GetValueOrDefault("redirect_uri") ?? "";

        // Before these two fit, nobody is sent anywhere: the address may be a stranger's.
        if (client is null || !client.Redirects.Contains(redirect, StringComparer.Ordinal))
        {
            return ConsentPage.Wrong(client is null
                ? "The wallet that sent you here is not known here. Begin again in the wallet."
                : "The wallet wants to have you sent to an address that it did not register. Nothing was allowed.");
        }

        var wish = new ConsentWish(client, redirect, given.GetValueOrDefault("state") ?? "", WalletScopes.Words(given.GetValueOrDefault("scope")), given.GetValueOrDefault("code_challenge") ?? "");
        if (Refusal(given, wish, offered) is { } error)
        {
            return Back(wish, ("error", error.Code), ("error_description", error.Sentence));
        }

        if (!decides)
        {
            return ConsentPage.Ask(call, wish, wrong: false);
        }

        return given.GetValueOrDefault("decision") == "allow" ? await AllowAsync(call, wish, given.GetValueOrDefault("claim") ?? "", ct).ConfigureAwait(false)
            : Back(wish, ("error", "access_denied"), ("error_description", "The learner refused."));
    }

    private async Task<PublicAnswer> AllowAsync(WalletCall call, ConsentWish wish, string claim, CancellationToken ct)
    {
        string code = WalletSecrets.Fresh();
        string[] scopes = [.. wish.Scopes];
        var grant = new WalletGrant { Id = NameBasedUuid.Create(Grants, WalletSecrets.Digest(code)), Client = wish.Client.Id, Subject = Guid.Empty, Issuer = call.Issuer, Scopes = scopes };
        var secret = new WalletSecret
        {
            Hash = WalletSecrets.Digest(code), Kind = "code", Scopes = scopes, ExpiresAt = time.GetUtcNow() + CodeLives, Redirect = wish.Redirect, Challenge = wish.Challenge,
        };
        return claim.Length is > 0 and <= 100 && await ledger.AllowAsync(WalletSecrets.DigestOfCode(claim), grant, secret, ct).ConfigureAwait(false)
            ? Back(wish, ("code", code))
            : ConsentPage.Ask(call, wish, wrong: true);
    }

    private static (string Code, string Sentence)? Refusal(IReadOnlyDictionary<string, string> given, ConsentWish wish, IReadOnlyCollection<string> offered)
    {
        if (given.GetValueOrDefault("response_type") != "code")
        {
            return ("unsupported_response_type", "Only response_type=code is served.");
        }

        if (wish.State.Length is 0 or > 1000)
        {
            return ("invalid_request", "state is missing, or longer than 1000 characters.");
        }

        // 43 characters are the digest of S256; the kind plain is not served.
        if (given.GetValueOrDefault("code_challenge_method") != "S256" || wish.Challenge.Length != 43)
        {
            return ("invalid_request", "code_challenge with code_challenge_method=S256 is needed.");
        }

        string[] permissions = [.. wish.Scopes.Where(s => s != WalletScopes.Offline)];
        return permissions.Length == 0 || !wish.Scopes.All(s => offered.Contains(s) && (s == WalletScopes.Offline || wish.Client.Scopes.Contains(s)))
            ? ("invalid_scope", "scope names nothing, or something that is not offered here or was not registered.")
            : null;
    }

    private static PublicAnswer Back(ConsentWish wish, params (string Name, string Value)[] values)
    {
        var query = values.ToDictionary(v => v.Name, v => (string?)v.Value);
        if (wish.State.Length is > 0 and <= 1000)
        {
            query["state"] = wish.State;
        }

        return WalletAnswers.Back(QueryHelpers.AddQueryString(wish.Redirect, query));
    }
}

/// <summary>What a wallet asks a learner for.</summary>
internal sealed record ConsentWish(WalletClient Client, string Redirect, string State, IReadOnlyList<string> Scopes, string Challenge);
