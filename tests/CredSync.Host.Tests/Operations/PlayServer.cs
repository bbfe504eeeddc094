using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Tests.Operations;

/// <summary>A server on a free port of this machine that answers as a test says.</summary>
internal sealed class PlayServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private PlayServer(WebApplication app) => this.app = app;

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<PlayServer> StartAsync(Action<WebApplication> map, HttpProtocols protocols, CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ((IWebHostBuilder)builder.WebHost).UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = protocols));
        builder.Services.AddRouting();
        WebApplication app = builder.Build();
        app.UseRouting();
        map(app);
        await app.StartAsync(ct);
        return new PlayServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
