using CredSync.Host.Ledger.Wallets;
using CredSync.Host.Operations.Public;
using CredSync.Issuers;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Wallets;

/// <summary>
/// The Open Badges 3.0 host interface (section 6), so that learners' wallets can collect: below the public address of each issuer that publishes. It answers from the
/// ledger, which knows whose credentials are whose, and from what the issue side keeps.
/// </summary>
internal sealed class WalletDoor(
    WalletDiscovery discovery, WalletRegistration registration, WalletConsent consent, WalletTokens tokens, WalletCollection collection, WalletLedger ledger, IOptions<PublicOptions> options)
{
    public const string Register = "/oauth/register";

    public const string Authorize = "/oauth/authorize";

    public const string Token = "/oauth/token";

    public const string Revoke = "/oauth/revoke";

    /// <summary>Whether a path below an issuer's address leads here.</summary>
    public bool IsFor(string path) => options.Value.Wallets && (path == WalletCall.Base || path.StartsWith(WalletCall.Base + "/", StringComparison.Ordinal));

    /// <summary>Answers one request.</summary>
    public async Task<PublicAnswer> AnswerAsync(WalletCall call, CancellationToken ct)
    {
        string path = call.Request.Path[WalletCall.Base.Length..];
        return (call.Request.Method, path) switch
        {
            ("GET", "/discovery") => discovery.Answer(call),
            ("POST", Register) => await registration.AnswerAsync(call, ct).ConfigureAwait(false),
            ("GET" or "POST", Authorize) => await consent.AnswerAsync(call, Offered, ct).ConfigureAwait(false),
            ("POST", Token) => await tokens.AnswerAsync(call, ct).ConfigureAwait(false),
            ("POST", Revoke) => await tokens.RevokeAsync(call, ct).ConfigureAwait(false),
            ("GET", "/credentials") => await WithAsync(call, WalletScopes.Read, collection.ListAsync, ct).ConfigureAwait(false),
            ("POST", "/credentials") when options.Value.WalletUploads => await WithAsync(call, WalletScopes.Upsert, collection.UpsertAsync, ct).ConfigureAwait(false),
            ("GET", "/profile") => await WithAsync(call, WalletScopes.Profile, collection.ProfileAsync, ct).ConfigureAwait(false),
            (_, "/credentials") => NotAllowed(options.Value.WalletUploads ? "GET, POST" : "GET"),
            (_, "/profile") => NotAllowed("GET"),
            (_, "/discovery") => NotAllowed("GET"),
            (_, Authorize) => NotAllowed("GET, POST"),
            (_, Register or Token or Revoke) => NotAllowed("POST"),
            _ => WalletAnswers.Problem(404, "not_found", "There is nothing at this address; the service description is at /ims/ob/v3p0/discovery."),
        };
    }

    private IReadOnlyCollection<string> Offered => [.. WalletScopes.Offered.Keys.Where(s => options.Value.WalletUploads || s != WalletScopes.Upsert)];

    // RFC 6750 section 3: without a token, nothing is said about errors.
    private async Task<PublicAnswer> WithAsync(WalletCall call, string scope, Func<WalletCall, WalletGrant, CancellationToken, Task<PublicAnswer>> work, CancellationToken ct)
    {
        if (call.Bearer() is not { Length: > 0 and <= 200 } token)
        {
            return Unauthorized("Show an access token: Authorization: Bearer.", "Bearer realm=\"wallets\"");
        }

        HeldSecret? held = await ledger.SecretAsync(WalletSecrets.Digest(token), "access", ct).ConfigureAwait(false);
        if (held is null || held.Grant.Issuer != call.Issuer)
        {
            return Unauthorized("The access token is none, has run out, or was taken back.", "Bearer realm=\"wallets\", error=\"invalid_token\"");
        }

        return held.Secret.Scopes.Contains(scope)
            ? await work(call, held.Grant, ct).ConfigureAwait(false)
            : WalletAnswers.Problem(403, "forbidden", "The learner did not allow this wallet this.", new Dictionary<string, string> { ["WWW-Authenticate"] = $"Bearer realm=\"wallets\", error=\"insufficient_scope\", scope=\"{scope}\"" });
    }

    private static PublicAnswer Unauthorized(string sentence, string challenge) => WalletAnswers.Problem(401, "unauthorizedrequest", sentence, new Dictionary<string, string> { ["WWW-Authenticate"] = challenge });

    private static PublicAnswer NotAllowed(string allowed) => WalletAnswers.Problem(405, "not_allowed", "This is not served here; the service description says what is.", new Dictionary<string, string> { ["Allow"] = allowed });
}
