using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Access;

/// <summary>Lets programs in that show a key: <c>Authorization: Bearer csk_…</c>.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>What stands before a key in the header.</summary>
    public const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (await keys.CheckAsync(header[Bearer.Length..].Trim(), Context.RequestAborted).ConfigureAwait(false) is not { } key || !Actor.TryRole(key.Role, out Role role))
        {
            return AuthenticateResult.Fail("The key is unknown, ended or expired.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(Actor.Principal(Scheme.Name, Actor.NameOfKey(key.Name, key.Id), role, key.Scopes), Scheme.Name));
    }
}
