using System.Net;
using CredSync.Sandbox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Sandbox;

/// <summary>Serves play platforms over real HTTP on 127.0.0.1, each under its path prefix, and admin endpoints under <c>/_sandbox</c>.</summary>
/// <remarks>
/// <para>It logs nothing and keeps nothing. Start several servers to give platforms ports of their own.</para>
/// <para>
/// Admin endpoints, with JSON bodies; <c>platform</c> names a platform by its prefix, and without it the first one is meant.
/// <c>GET /_sandbox/platforms</c> lists them. <c>GET</c>, <c>POST</c> and <c>DELETE /_sandbox/faults</c> list, set and clear faults:
/// <c>{"platform":"moodle","kind":"TooManyRequests","operation":"core_course_get_courses","count":2,"skip":0,"probability":1,"seed":0,"delaySeconds":1,
/// "retryAfterSeconds":5,"retryAt":"2026-01-01T00:00:00Z"}</c>, of which only <c>kind</c> is needed. <c>POST /_sandbox/advance</c> with
/// <c>{"steps":3}</c> plays the script on. <c>POST /_sandbox/complete</c> with <c>{"learner":"NW-1001","course":"DATA-110","at":"…"}</c> completes a course.
/// </para>
/// </remarks>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, PlayPlatform> _platforms;
    private readonly SandboxOptions _options;
    private readonly AdminEndpoints _admin;

    private SandboxServer(WebApplication app, IReadOnlyList<PlayPlatform> platforms, SandboxOptions options)
    {
        _app = app;
        _options = options;
        Platforms = platforms;
        _platforms = platforms.ToDictionary(platform => platform.Prefix, StringComparer.OrdinalIgnoreCase);
        _admin = new AdminEndpoints(_platforms, options.Time);
        Address = new Uri("http://127.0.0.1");
    }

    /// <summary>Where the server listens, with a slash at the end.</summary>
    public Uri Address { get; private set; }

    /// <summary>The platforms that it plays.</summary>
    public IReadOnlyList<PlayPlatform> Platforms { get; }

    /// <summary>Starts a server; when the task is done, it answers.</summary>
    /// <param name="platforms">What it plays; their prefixes must differ.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(IReadOnlyList<PlayPlatform> platforms, SandboxOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(platforms);
        options ??= new SandboxOptions();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = 100_000;
            form.KeyLengthLimit = 8_192;
        });
        WebApplication app = builder.Build();
        SandboxServer server = new(app, platforms, options);
        app.Run(server.HandleAsync);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        string address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        server.Address = new Uri(address + "/");
        foreach (PlayPlatform platform in platforms)
        {
            platform.Serve(server.Address, options.Time);
        }

        return server;
    }

    /// <summary>Stops at once; open connections are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PlayPlatform platform in Platforms)
        {
            platform.Faults.Clear();
        }

        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        CancellationToken ct = context.RequestAborted;
        string path = context.Request.Path.Value ?? "/";
        int end = path.IndexOf('/', 1);
        string first = end < 0 ? path[1..] : path[1..end];
        string rest = end < 0 ? "/" : path[end..];
        PlayRequest request = await PlayRequest.ReadAsync(context, rest, ct);
        if (first == "_sandbox" && _options.AdminEndpoints)
        {
            await SendAsync(context, _admin.Answer(request), ct);
        }
        else if (_platforms.TryGetValue(first, out PlayPlatform? platform))
        {
            await FaultPlayer.PlayAsync(context, platform, request, ct);
        }
        else
        {
            await SendAsync(context, new PlayAnswer { Status = StatusCodes.Status404NotFound }, ct);
        }
    }

    internal static async Task SendAsync(HttpContext context, PlayAnswer answer, CancellationToken ct, int? bytes = null)
    {
        context.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (answer.ContentType is not null)
        {
            context.Response.ContentType = answer.ContentType;
        }

        if (answer.Status == StatusCodes.Status204NoContent)
        {
            return;
        }

        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(bytes is { } part ? answer.Body[..part] : answer.Body, ct);
    }
}
