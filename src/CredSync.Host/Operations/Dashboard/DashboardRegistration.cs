using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using MudBlazor.Services;

namespace CredSync.Host.Operations.Dashboard;

/// <summary>The screens. Their scripts and styles are embedded, so that nothing has to lie beside the executable.</summary>
internal static class DashboardRegistration
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(o =>
        {
            o.DetailedErrors = false;
            o.DisconnectedCircuitMaxRetained = 50;
        }).AddHubOptions(o => o.MaximumReceiveMessageSize = 64 * 1024);
        services.AddScoped<Attention>();
        services.AddScoped<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(sp => sp.GetRequiredService<Attention>());
        services.AddMudServices(o => o.SnackbarConfiguration.PositionClass = "mud-snackbar-location-bottom-center");
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.MapAsset("/_framework/blazor.web.js", "blazor.web.js", "text/javascript");
        app.MapAsset("/assets/MudBlazor.min.js", "MudBlazor.min.js", "text/javascript");
        app.MapAsset("/assets/MudBlazor.min.css", "MudBlazor.min.css", "text/css");
        app.MapAsset("/assets/credsync.css", "credsync.css", "text/css");
        app.MapAsset("/assets/credsync.js", "credsync.js", "text/javascript");
        app.MapAsset("/favicon.svg", "favicon.svg", "image/svg+xml");
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
    }

    // Public like any library's file; an executable's assets change only with it.
    private static void MapAsset(this WebApplication app, string address, string name, string type)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"assets/{name}") ?? throw new InvalidOperationException($"This build lacks the asset '{name}'.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        byte[] bytes = memory.ToArray();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        app.MapGet(address, http =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(bytes, $"{type}; charset=utf-8", entityTag: tag).ExecuteAsync(http);
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
