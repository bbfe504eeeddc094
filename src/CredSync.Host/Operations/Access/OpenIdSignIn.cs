using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Operations.Access;

/// <summary>Sign-in by the organisation's own OpenID Connect provider; a claim says who is viewer, operator or admin.</summary>
internal static class OpenIdSignIn
{
    public static void AddOpenId(this AuthenticationBuilder authentication, OpenIdOptions settings)
    {
        authentication.AddOpenIdConnect(AccessSchemes.OpenId, null, o =>
        {
            o.SignInScheme = AccessSchemes.Session;
            o.Authority = settings.Authority;
            o.ClientId = settings.ClientId;
            o.ResponseType = "code";
            o.UsePkce = true;
            o.CallbackPath = "/openid";
            o.MapInboundClaims = false;
            o.SaveTokens = false;
            o.GetClaimsFromUserInfoEndpoint = false;
            o.TokenValidationParameters.NameClaimType = settings.NameClaim;
            o.Events.OnTokenValidated = context =>
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
                }

                return Task.CompletedTask;
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
