using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CredSync.EndToEnd.Tests.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.RabbitMq;

[assembly: AssemblyFixture(typeof(RabbitMqFixture))]

namespace CredSync.EndToEnd.Tests.Containers;

/// <summary>One RabbitMQ for all tests of a run, started when the first test asks for a virtual host.</summary>
public sealed class RabbitMqFixture : IAsyncDisposable
{
    private const ushort ManagementPort = 15672;
    private readonly Lazy<Task<RabbitMqContainer>> _container = new(StartAsync);
    private readonly HttpClient _http = new();
    private int _virtualHosts;

    /// <summary>A builder for a broker of one's own, for tests that stop it.</summary>
    public static RabbitMqBuilder NewBroker() =>
        new RabbitMqBuilder(ContainerEngine.RabbitMqImage)
            .WithLabel("credsync.test-run", ContainerEngine.Run)
            .WithLogger(NullLogger.Instance)
            .WithPortBinding(ManagementPort, assignRandomHostPort: true);

    /// <summary>Makes an empty virtual host that no other test uses, and returns its <c>amqp://</c> address with user and password.</summary>
    public async Task<Uri> NewVirtualHostAsync(CancellationToken ct)
    {
        var container = await ContainerEngine.RequireAsync(() => _container.Value.WaitAsync(ct));
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _virtualHosts)}");
        var user = RabbitMqBuilder.DefaultUsername;

        await PutAsync(container, $"vhosts/{name}", new { }, ct);
        await PutAsync(container, $"permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" }, ct);

        return new UriBuilder(container.GetConnectionString()) { Path = name }.Uri;
    }

    /// <summary>The address of a virtual host for a user who may come in and do nothing there.</summary>
    public async Task<Uri> UserWithoutRightsAsync(Uri virtualHost, string password, CancellationToken ct)
    {
        var container = await _container.Value.WaitAsync(ct);
        var user = $"few_rights_{virtualHost.AbsolutePath.Trim('/')}";
        await PutAsync(container, $"users/{user}", new { password, tags = "" }, ct);
        await PutAsync(container, $"permissions{virtualHost.AbsolutePath}/{user}", new { configure = "^$", write = "^$", read = "^$" }, ct);
        return new UriBuilder(virtualHost) { UserName = user, Password = password }.Uri;
    }

    /// <summary>What the management API says about one queue of a virtual host that <see cref="NewVirtualHostAsync"/> made.</summary>
    public async Task<JsonElement> ReadQueueAsync(Uri virtualHost, string queue, CancellationToken ct)
    {
        var container = await _container.Value.WaitAsync(ct);
        using var request = NewRequest(container, HttpMethod.Get, $"queues{virtualHost.AbsolutePath}/{Uri.EscapeDataString(queue)}");
        using var response = await _http.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_container is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _container.Value).DisposeAsync();
        }
    }

    private static async Task<RabbitMqContainer> StartAsync()
    {
        var container = NewBroker().Build();
        await container.StartAsync(CancellationToken.None);
        return container;
    }

    private static HttpRequestMessage NewRequest(RabbitMqContainer container, HttpMethod method, string path)
    {
        var address = new UriBuilder("http", container.Hostname, container.GetMappedPublicPort(ManagementPort), "api/" + path).Uri;
        var login = Encoding.UTF8.GetBytes($"{RabbitMqBuilder.DefaultUsername}:{RabbitMqBuilder.DefaultPassword}");
        return new HttpRequestMessage(method, address)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(login)) },
        };
    }

    private async Task PutAsync(RabbitMqContainer container, string path, object body, CancellationToken ct)
    {
        using var request = NewRequest(container, HttpMethod.Put, path);
        request.Content = JsonContent.Create(body);
        // The broker's HTTP server takes a length, not chunks.
        await request.Content.LoadIntoBufferAsync(ct);
        using var response = await _http.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
    }
}
