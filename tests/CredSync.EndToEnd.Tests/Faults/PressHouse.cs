using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox.Moodle;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>An issuer far away: every request mints a new credential at once, whether it was minted before or not; every third answer comes too late to be heard.</summary>
internal sealed class PressHouse : IAsyncDisposable
{
    private readonly ConcurrentQueue<(Guid Issuance, string Definition, string Person, DateTimeOffset Earned)> minted = new();
    private readonly ConcurrentQueue<string> story = new();
    private readonly WebApplication app;
    private int requests;
    private int late;

    private PressHouse(WebApplication app) => this.app = app;

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";

    /// <summary>How many answers came too late.</summary>
    public int Late => Volatile.Read(ref late);

    public static async Task<PressHouse> StartAsync(CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var house = new PressHouse(builder.Build());
        house.app.UseRouting();
        house.app.MapPost("/mint/{id:guid}", house.MintAsync);
        house.app.MapGet("/minted/{id:guid}", house.Find);
        await house.app.StartAsync(ct);
        return house;
    }

    /// <summary>Everything that was ever minted, as badges; twice minted is twice in it.</summary>
    public IReadOnlyList<ExpectedBadge> Badges(MoodleWorld world) =>
        [.. minted.Select(m => new ExpectedBadge(m.Definition, world.Users.Single(u => string.Equals(u.Email, m.Person, StringComparison.OrdinalIgnoreCase)).IdNumber, m.Earned))];

    /// <summary>What was asked about issuances that were minted more than once, in order.</summary>
    public string Twice => string.Join('\n', minted.GroupBy(m => m.Issuance).Where(g => g.Count() > 1).SelectMany(g => story.Where(s => s.Contains(g.Key.ToString(), StringComparison.Ordinal))));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task MintAsync(HttpContext context, Guid id, string definition, string person, DateTimeOffset earned)
    {
        minted.Enqueue((id, definition, person, earned));
        Tell(context, "asked to mint", id);
        if (Interlocked.Increment(ref requests) % 3 == 0)
        {
            Interlocked.Increment(ref late);
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Tell(context, context.RequestAborted.IsCancellationRequested ? "nobody heard the answer about" : "answered about", id);
        await context.Response.WriteAsync(Name(id));
    }

    private IResult Find(HttpContext context, Guid id)
    {
        bool found = minted.Any(m => m.Issuance == id);
        Tell(context, found ? "found" : "did not find", id);
        return found ? Results.Text(Name(id)) : Results.NotFound();
    }

    private void Tell(HttpContext context, string what, Guid id) =>
        story.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what} {id} over {context.Connection.Id}"));

    private static string Name(Guid id) => string.Create(CultureInfo.InvariantCulture, $"press:{id}");
}
