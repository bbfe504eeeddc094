using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Intake.Hooks;

/// <summary>
/// Listens for deliveries, on an address of its own: this one is meant for platforms out there, the operations' is not. Nothing listens when no source has a <c>webhook</c>.
/// </summary>
internal sealed class HookServer(HookEndpoint endpoint, ActiveConfiguration active, IOptions<HookOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? server;

    /// <summary>Where it listens; null while it does not.</summary>
    public string? Address => server?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!active.Current.Sources.Any(s => s.Webhook is not null))
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ((IWebHostBuilder)builder.WebHost).UseKestrelCore().UseUrls(options.Value.Address).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The endpoint has a limit for each source; this one is only for what none of them would take.
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        server = builder.Build();
        server.Run(endpoint.HandleAsync);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
        {
            throw new StorageSettingException($"Hooks:Address '{options.Value.Address}' cannot be listened on ({e.Message.TrimEnd('.')}); choose an address and port of this machine that is free.", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
