using CredSync.Host.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Public;

/// <summary>
/// Answers wallets, verifiers and employers, on an address of its own: this one is meant for everybody, that of the operators is not. Nothing listens when no issuer has a public address.
/// </summary>
internal sealed class PublicServer(PublicDocuments documents, IOptions<PublicOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? server;

    /// <summary>Where it listens; null while it does not.</summary>
    public string? Address => server?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!documents.Any)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ((IWebHostBuilder)builder.WebHost).UseKestrelCore().UseUrls(options.Value.Address).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 2L * PublicDocuments.LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        server = builder.Build();
        server.Run(documents.AnswerAsync);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
        {
            throw new StorageSettingException(
                $"Public:Address '{options.Value.Address}' cannot be listened on ({e.Message.TrimEnd('.')}); choose an address and port of this machine that is free.", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
