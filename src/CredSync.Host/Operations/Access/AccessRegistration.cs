using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations.Access;

/// <summary>Who is let in, how, and how often. What says nothing about it asks for a sign-in.</summary>
internal static class AccessRegistration
{
    /// <summary>The limit for signing in.</summary>
    public const string SignInLimit = "sign-in";

    public static void AddAccess(this IServiceCollection services, OperationsOptions options, WorkerSettings settings)
    {
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<IAuthorizationHandler, PermitHandler>();

        // Sessions outlive a restart. The keys are as secret as the ledger beside them.
        services.AddDataProtection().SetApplicationName("credsync");

        // The folder is made when it is wanted: a start that fails before that leaves nothing behind.
        services.AddOptions<KeyManagementOptions>().Configure<ILoggerFactory>((o, loggers) =>
            o.XmlRepository = new SessionKeys(() => new FileSystemXmlRepository(PrivateFolder(Path.Combine(Path.GetFullPath(settings.DataFolder), "session-keys")), loggers)));
        AuthenticationBuilder authentication = services.AddAuthentication(AccessSchemes.Any)
            .AddPolicyScheme(AccessSchemes.Any, null, o => o.ForwardDefaultSelector = http => http.Request.Headers.Authorization.Count > 0 ? AccessSchemes.Key : AccessSchemes.Session)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(AccessSchemes.Key, null)
            .AddCookie(AccessSchemes.Session, o =>
            {
                o.Cookie.Name = "credsync";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                o.ExpireTimeSpan = TimeSpan.FromHours(12);
                o.SlidingExpiration = true;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "to";
                o.Events.OnRedirectToLogin = http => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? Answer(http.Response, StatusCodes.Status401Unauthorized) : Redirect(http);
                o.Events.OnRedirectToAccessDenied = http => Answer(http.Response, StatusCodes.Status403Forbidden);
            });
        if (options.OpenId is { Authority.Length: > 0 } openId)
        {
            authentication.AddOpenId(openId);
        }

        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(Permit.For(Role.Viewer, "read"))
            .SetFallbackPolicy(Permit.For(Role.Viewer, "read"));
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "credsync-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.HeaderName = Shield.ChangeHeader;
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                    ? RateLimitPartition.GetTokenBucketLimiter(Who(http), _ => new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = options.RequestsPerMinute, TokensPerPeriod = Math.Max(1, options.RequestsPerMinute / 60), ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
                    })
                    : RateLimitPartition.GetNoLimiter(""));
            limiter.AddPolicy(SignInLimit, http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));
        });
    }

    public static void MapAccess(this WebApplication app, OperationsOptions options)
    {
        bool openId = options.OpenId is { Authority.Length: > 0 };
        app.MapGet("/sign-in", async (HttpContext http, OneTimeLinks links, Ledger.Operators.OperatorLedger ledger, string? token, string? to, bool? @out, bool? refused) =>
        {
            string target = to is ['/', not '/' and not '\\', ..] ? to : "/operate";
            if (openId && (@out == true || refused == true))
            {
                return Results.Content(SignInPage.OfOpenId(refused == true), "text/html; charset=utf-8", null, refused == true ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);
            }

            if (openId)
            {
                return Results.Challenge(new AuthenticationProperties { RedirectUri = target }, [AccessSchemes.OpenId]);
            }

            if (token is null || token.Length > 200 || !links.TryUse(token))
            {
                return Results.Content(SignInPage.Html(token is not null), "text/html; charset=utf-8", null, token is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);
            }

            ClaimsPrincipal who = Actor.Principal(AccessSchemes.Session, Environment.UserName, Role.Admin);
            await http.SignInAsync(AccessSchemes.Session, who).ConfigureAwait(false);
            await ledger.RecordAsync(new Ledger.Act(who.Name(), "sign-in", "dashboard", "", "by the one-time link"), http.RequestAborted).ConfigureAwait(false);
            return Results.Redirect(target);
        }).AllowAnonymous().RequireRateLimiting(SignInLimit).ExcludeFromDescription();
        app.MapPost("/sign-out", async (HttpContext http) =>
        {
            if (openId)
            {
                return await OpenIdSignIn.SignOutAsync(http).ConfigureAwait(false);
            }

            await http.SignOutAsync(AccessSchemes.Session).ConfigureAwait(false);
            return Results.Redirect("/sign-in");
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static string Who(HttpContext http) => http.Request.Headers.Authorization.ToString() is { Length: > 20 } key
        ? key[..20]
        : http.Connection.RemoteIpAddress?.ToString() ?? "here";

    private static DirectoryInfo PrivateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static Task Answer(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
