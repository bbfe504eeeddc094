using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace CredSync.Host.Operations.Access;

/// <summary>Sign-in by the organisation's own OpenID Connect provider; a claim says who is viewer, operator or admin.</summary>
internal static class OpenIdSignIn
{
    /// <summary>Where somebody comes who has signed out: from here nobody is signed in again unasked.</summary>
    public const string SignedOut = "/sign-in?out=true";

    /// <summary>Where somebody comes whom the provider did not vouch for, or who has no role here.</summary>
    public const string Refused = "/sign-in?refused=true";

    /// <summary>Ends the session here, and at the provider where it says how.</summary>
    public static async Task<IResult> SignOutAsync(HttpContext http)
    {
        OpenIdConnectOptions options = http.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(AccessSchemes.OpenId);
        try
        {
            OpenIdConnectConfiguration provider = await options.ConfigurationManager!.GetConfigurationAsync(http.RequestAborted).ConfigureAwait(false);
            if (!string.IsNullOrEmpty(provider.EndSessionEndpoint))
            {
                return Results.SignOut(new AuthenticationProperties { RedirectUri = SignedOut }, [AccessSchemes.Session, AccessSchemes.OpenId]);
            }
        }
        catch (InvalidOperationException)
        {
            // The provider is away: the session here ends all the same.
        }

        return Results.SignOut(new AuthenticationProperties { RedirectUri = SignedOut }, [AccessSchemes.Session]);
    }

    public static void AddOpenId(this AuthenticationBuilder authentication, OpenIdOptions settings)
    {
        authentication.AddOpenIdConnect(AccessSchemes.OpenId, null, o =>
        {
            o.SignInScheme = AccessSchemes.Session;
            o.Authority = settings.Authority;
            o.ClientId = settings.ClientId;
            o.ResponseType = "code";

            // The answer comes back as an ordinary visit, so the cookies that tie it to its question need not be sent to other sites' forms.
            o.ResponseMode = "query";
            o.NonceCookie.SameSite = o.CorrelationCookie.SameSite = SameSiteMode.Lax;
            o.NonceCookie.SecurePolicy = o.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

            // Without TLS only on this very machine, for trying it.
            o.RequireHttpsMetadata = !(Uri.TryCreate(settings.Authority, UriKind.Absolute, out Uri? authority) && authority.IsLoopback);
            o.UsePkce = true;
            o.CallbackPath = "/openid";
            o.MapInboundClaims = false;
            o.SaveTokens = false;
            o.GetClaimsFromUserInfoEndpoint = false;
            o.TokenValidationParameters.NameClaimType = settings.NameClaim;
            o.SignedOutRedirectUri = SignedOut;
            o.Events.OnRedirectToIdentityProviderForSignOut = context =>
            {
                // No token is kept that could be shown as a hint; the provider knows the client by its id.
                context.ProtocolMessage.ClientId = settings.ClientId;
                return Task.CompletedTask;
            };
            o.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect(Refused);
                return Task.CompletedTask;
            };
            o.Events.OnTokenValidated = async context =>
            {
                string name = context.Principal?.FindFirst(settings.NameClaim)?.Value ?? context.Principal?.FindFirst("sub")?.Value ?? "";
                Role role = settings.RoleOf(context.Principal?.FindAll(settings.RoleClaim).Select(c => c.Value) ?? []);
                if (name.Length == 0 || role == 0)
                {
                    context.Fail("This account has no role here.");
                }
                else
                {
                    context.Principal = Actor.Principal(AccessSchemes.Session, name, role);
                    await context.HttpContext.RequestServices.GetRequiredService<Ledger.Operators.OperatorLedger>()
                        .RecordAsync(new Ledger.Act(name, "sign-in", "dashboard", "", $"by OpenID Connect, as {role.ToString().ToLowerInvariant()}"), context.HttpContext.RequestAborted).ConfigureAwait(false);
                }
            };
        });
        authentication.Services.AddOptions<OpenIdConnectOptions>(AccessSchemes.OpenId).Configure<SecretReader>((o, secrets) =>
        {
            if (settings.ClientSecret is { Length: > 0 } reference)
            {
                o.ClientSecret = secrets.Of(reference).Reveal();
            }
        });
    }

    private static Role RoleOf(this OpenIdOptions settings, IEnumerable<string> claims)
    {
        HashSet<string> has = claims.ToHashSet(StringComparer.Ordinal);
        return has.Contains(settings.Admins) ? Role.Admin : has.Contains(settings.Operators) ? Role.Operator : has.Contains(settings.Viewers) ? Role.Viewer : 0;
    }
}
