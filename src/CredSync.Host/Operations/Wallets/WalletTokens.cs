using System.Text.Json.Nodes;
using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>Tokens for codes, fresh tokens for old ones, and tokens given back (RFC 6749 sections 4.1.3 and 6, RFC 7636, RFC 7009).</summary>
internal sealed class WalletTokens(WalletLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan AccessLives = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefreshLives = TimeSpan.FromDays(365);

    /// <summary>The token endpoint.</summary>
    public async Task<PublicAnswer> AnswerAsync(WalletCall call, CancellationToken ct)
    {
        if (await ClientAsync(call, ct).ConfigureAwait(false) is not { } client)
        {
            return NotKnown();
        }

        IReadOnlyDictionary<string, string> form = call.Form();
        return form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => await RedeemAsync(call, client, form, ct).ConfigureAwait(false),
            "refresh_token" => await RefreshAsync(call, client, form, ct).ConfigureAwait(false),
            null or "" => WalletAnswers.OAuth(400, "invalid_request", "grant_type is missing; the body must be a form."),
            _ => WalletAnswers.OAuth(400, "unsupported_grant_type", "Only authorization_code and refresh_token are served."),
        };
    }

    /// <summary>The revocation endpoint. A token that is none is as good as ended (RFC 7009 section 2.2).</summary>
    public async Task<PublicAnswer> RevokeAsync(WalletCall call, CancellationToken ct)
    {
        if (await ClientAsync(call, ct).ConfigureAwait(false) is not { } client)
        {
            return NotKnown();
        }

        if (call.Form().GetValueOrDefault("token") is not { Length: > 0 and <= 200 } token)
        {
            return WalletAnswers.OAuth(400, "invalid_request", "token is missing; the body must be a form.");
        }

        foreach (string kind in (string[])["access", "refresh"])
        {
            if (await ledger.SecretAsync(WalletSecrets.Digest(token), kind, ct).ConfigureAwait(false) is { } held && held.Grant.Client == client.Id)
            {
                await ledger.EndAsync(held, ct).ConfigureAwait(false);
            }
        }

        return WalletAnswers.Json(new JsonObject());
    }

    private async Task<PublicAnswer> RedeemAsync(WalletCall call, WalletClient client, IReadOnlyDictionary<string, string> form, CancellationToken ct)
    {
        HeldSecret? code = await FindAsync(call, client, form.GetValueOrDefault("code"), "code", ct).ConfigureAwait(false);
        if (code is null || code.Secret.Redirect != form.GetValueOrDefault("redirect_uri") || !WalletSecrets.Answers(form.GetValueOrDefault("code_verifier") ?? "", code.Secret.Challenge ?? ""))
        {
            return WalletAnswers.OAuth(400, "invalid_grant", "The code is none, is over, belongs to another wallet, or its redirect_uri or code_verifier does not fit.");
        }

        (WalletSecret access, string accessToken) = Fresh("access", code.Grant.Scopes, AccessLives);
        (WalletSecret Secret, string Token)? refresh = code.Grant.Scopes.Contains(WalletScopes.Offline) ? Fresh("refresh", code.Grant.Scopes, RefreshLives) : null;
        return await ledger.RedeemAsync(code, refresh is { } r ? [access, r.Secret] : [access], ct).ConfigureAwait(false)
            ? Tokens(access, accessToken, refresh?.Token)
            : WalletAnswers.OAuth(400, "invalid_grant", "The code was redeemed before; everything that came of it is ended. Ask the learner again.");
    }

    private async Task<PublicAnswer> RefreshAsync(WalletCall call, WalletClient client, IReadOnlyDictionary<string, string> form, CancellationToken ct)
    {
        if (await FindAsync(call, client, form.GetValueOrDefault("refresh_token"), "refresh", ct).ConfigureAwait(false) is not { } refresh)
        {
            return WalletAnswers.OAuth(400, "invalid_grant", "The refresh token is none, is over, or belongs to another wallet; ask the learner again.");
        }

        string[] wanted = WalletScopes.Words(form.GetValueOrDefault("scope"));
        if (wanted.Except(refresh.Grant.Scopes).Any())
        {
            return WalletAnswers.OAuth(400, "invalid_scope", "scope names something that was not allowed.");
        }

        (WalletSecret access, string token) = Fresh("access", wanted.Length == 0 ? refresh.Grant.Scopes : wanted, AccessLives);
        await ledger.AddAsync(refresh.Grant.Id, access, ct).ConfigureAwait(false);
        return Tokens(access, token, null);
    }

    private async Task<WalletClient?> ClientAsync(WalletCall call, CancellationToken ct) =>
        call.Basic() is { Name.Length: > 0 and <= 100 } shown && await ledger.ClientAsync(shown.Name, ct).ConfigureAwait(false) is { } client && WalletSecrets.Fits(shown.Secret, client.SecretHash) ? client : null;

    private async Task<HeldSecret?> FindAsync(WalletCall call, WalletClient client, string? secret, string kind, CancellationToken ct) =>
        secret is { Length: > 0 and <= 200 } && await ledger.SecretAsync(WalletSecrets.Digest(secret), kind, ct).ConfigureAwait(false) is { } held && held.Grant.Client == client.Id && held.Grant.Issuer == call.Issuer
            ? held
            : null;

    private (WalletSecret Secret, string Token) Fresh(string kind, IReadOnlyList<string> scopes, TimeSpan lives)
    {
        string token = WalletSecrets.Fresh();
        return (new WalletSecret { Hash = WalletSecrets.Digest(token), Kind = kind, Scopes = scopes, ExpiresAt = time.GetUtcNow() + lives }, token);
    }

    private static PublicAnswer Tokens(WalletSecret access, string token, string? refresh)
    {
        var answer = new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)AccessLives.TotalSeconds, ["scope"] = string.Join(' ', access.Scopes) };
        if (refresh is not null)
        {
            answer["refresh_token"] = refresh;
        }

        return WalletAnswers.Json(answer, headers: new Dictionary<string, string> { ["Pragma"] = "no-cache" });
    }

    private static PublicAnswer NotKnown() => WalletAnswers.OAuth(
        401, "invalid_client", "The wallet is not known, or its secret is wrong; show client_id and client_secret by HTTP Basic.", new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"wallets\"" });
}
