using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CredSync.Host.Operations.Access;

/// <summary>What every answer carries, and which requests are turned away before anything looks at them: from another site, or to a name that is not ours.</summary>
internal static class Shield
{
    /// <summary>The header that a browser's script has to send with every change; another site's form cannot.</summary>
    public const string ChangeHeader = "X-CredSync";

    // The rest is for everybody, browsers of other sites included, and knows no session.
    private static readonly string[] Own = ["/api", "/operate", "/_blazor", "/sign-in", "/sign-out", "/metrics"];

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void UseShield(this WebApplication app, OpenIdOptions? openId)
    {
        // Signing out leads on to the provider, and browsers count that as part of the form.
        string policy = Uri.TryCreate(openId?.Authority, UriKind.Absolute, out Uri? authority)
            ? Policy.Replace("form-action 'self'", $"form-action 'self' {authority.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal)
            : Policy;
        app.Use(async (http, next) =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            bool reference = http.Request.Path.StartsWithSegments("/api/docs", StringComparison.OrdinalIgnoreCase);

            // The page of the interface's reference brings its own inline script; no other page has any.
            headers.ContentSecurityPolicy = reference ? policy.Replace("script-src 'self'", "script-src 'self' 'unsafe-inline'", StringComparison.Ordinal) : policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
            if (IsFromElsewhere(http.Request))
            {
                await RefuseAsync(http, StatusCodes.Status403Forbidden, "Requests from other sites are not taken.").ConfigureAwait(false);
            }
            else
            {
                await next(http).ConfigureAwait(false);
            }
        });
    }

    /// <summary>
    /// Where only this machine is served, what is not for everybody answers to the names of this machine alone, and to the public one that is configured: a name that
    /// leads here by somebody else's DNS is not how we are reached. Comes after routing.
    /// </summary>
    public static void UseOwnNames(this WebApplication app, string listensOn, string? publicAddress)
    {
        bool loopbackOnly = Uri.TryCreate(listensOn.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out Uri? own) && own.IsLoopback;
        string? named = Uri.TryCreate(publicAddress, UriKind.Absolute, out Uri? known) ? known.Host : null;
        app.Use((http, next) =>
            loopbackOnly && !IsLoopback(http.Request.Host) && !http.Request.Host.Host.Equals(named, StringComparison.OrdinalIgnoreCase) && http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? RefuseAsync(http, StatusCodes.Status421MisdirectedRequest, "This address serves only this machine; open it as localhost or 127.0.0.1, or name its public address in Alerts:PublicAddress.")
                : next(http));
    }

    /// <summary>Whether a change was asked for by a session without the header that another site cannot send.</summary>
    public static bool LacksChangeHeader(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)
        && http.User.Identity?.AuthenticationType != AccessSchemes.Key && !http.Request.Headers.ContainsKey(ChangeHeader);

    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // A browser says where a request comes from; a live connection counts as a change, because acts travel over it.
    private static bool IsFromElsewhere(HttpRequest request)
    {
        bool changes = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) || request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);
        string origin = request.Headers.Origin.ToString();
        return changes && Own.Any(o => request.Path.StartsWithSegments(o, StringComparison.OrdinalIgnoreCase)) && origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static Task RefuseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(sentence, http.RequestAborted);
    }
}
