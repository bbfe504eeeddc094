using System.Net;
using System.Text;
using CredSync.Core.Issuance;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Ledger;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Tests.Intake.Hooks;

/// <summary>Deliveries over real HTTP, from the sender's side.</summary>
public sealed class HookServerTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> open = [];
    private readonly HttpClient client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        foreach (IAsyncDisposable item in Enumerable.Reverse(open))
        {
            await item.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_delivery_is_on_disk_when_it_is_answered()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard);
        (await SendAsync(world, address, "msg_1", PlayHookSource.Body("ada"))).ShouldBe(HttpStatusCode.OK);
        (await world.LinesAsync(Ct)).Single().Delivery.Id.ShouldBe("msg_1");
    }

    [Fact]
    public async Task A_delivery_that_is_sent_again_is_answered_alike_and_stored_once()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard);
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(world, address, "msg_1", PlayHookSource.Body("ada"))));
        answers.ShouldAllBe(a => a == HttpStatusCode.OK);
        (await world.LinesAsync(Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_consumer_is_woken_at_once_by_what_was_stored()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard, consume: true);
        await SendAsync(world, address, "msg_1", PlayHookSource.Body("ada"));

        // The clock of this world stands still: a consumer that only looked now and then would never look.
        while ((await world.Ledger.IssuancesInStateAsync(IssuanceState.Planned, 10, Ct)).Count == 0)
        {
            await Task.Yield();
            Ct.ThrowIfCancellationRequested();
        }

        (await world.LinesAsync(Ct)).Single().State.ShouldBe(DeliveryState.Taken);
    }

    [Fact]
    public async Task A_stuck_consumer_loses_nothing()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard);
        for (int i = 0; i < 50; i++)
        {
            (await SendAsync(world, address, $"msg_{i}", PlayHookSource.Body($"person-{i}"))).ShouldBe(HttpStatusCode.OK);
        }

        (await world.Desk().TakeAsync("play", Ct)).Counts.Planned.ShouldBe(50);
    }

    [Fact]
    public async Task Wrong_signatures_stale_ones_large_ones_and_malformed_ones_have_each_their_answer()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard + ", largest_kib: 4");
        string body = PlayHookSource.Body("ada");
        (await SendAsync(address, body)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(address, body, world.Signed("msg_1", body, at: world.Time.GetUtcNow().AddHours(-1)))).ShouldBe(HttpStatusCode.Unauthorized);
        string large = new('x', 5000);
        (await SendAsync(address, large, world.Signed("msg_2", large))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SendAsync(world, address, "msg_3", "{")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(world, address[..^4] + "nobody", "msg_4", body)).ShouldBe(HttpStatusCode.NotFound);
        using HttpResponseMessage get = await client.GetAsync(address, Ct);
        get.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        DeliveryLine only = (await world.LinesAsync(Ct)).Single();
        (only.Delivery.Id, only.State, only.Cause).ShouldBe(("msg_3", DeliveryState.SetAside, "malformed-delivery"));
    }

    [Fact]
    public async Task Whoever_sends_too_much_is_asked_for_patience_and_may_go_on_later()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard + ", per_second: 2");
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 5; i++)
        {
            answers.Add(await SendAsync(world, address, $"msg_{i}", PlayHookSource.Body("ada")));
        }

        answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        (await SendAsync(world, address, "msg_9", PlayHookSource.Body("ada"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_answered_with_come_again()
    {
        (HookWorld world, string address) = await StartAsync(HookWorld.Standard, store: new BrokenLedger());
        string body = PlayHookSource.Body("ada");
        using HttpRequestMessage request = Message(address, body, world.Signed("msg_1", body));
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        (answer.StatusCode, answer.Headers.RetryAfter?.Delta).ShouldBe((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)));
    }

    private async Task<(HookWorld World, string Address)> StartAsync(string webhook, bool consume = false, IDeliveryLedger? store = null)
    {
        HookWorld world = await HookWorld.OpenAsync(Ct, webhook);
        open.Add(new Closing(() =>
        {
            world.Dispose();
            return Task.CompletedTask;
        }));
        var signal = new DeliverySignal();
        var deliveries = new DeliveryStore(store ?? world.Ledger, signal);
        await deliveries.StartAsync(Ct);
        open.Add(new Closing(() => deliveries.StopAsync(CancellationToken.None)));
        if (consume)
        {
            var consumer = new DeliveryConsumer(world.Desk(), world.Ledger, world.Active, signal, LocalProcess.Self, new LoopProgress(world.Time), world.Time, NullLogger<DeliveryConsumer>.Instance);
            await consumer.StartAsync(Ct);
            open.Add(new Closing(() => consumer.StopAsync(CancellationToken.None)));
        }

        var endpoint = new HookEndpoint(world.Active, world.Registry, new HookDoor(new HookSecrets(world.Time)), new DeliveryRate(world.Time), deliveries, world.Time, NullLogger<HookEndpoint>.Instance);
        var server = new HookServer(endpoint, world.Active, Options.Create(new HookOptions { Address = "http://127.0.0.1:0" }));
        await server.StartAsync(Ct);
        open.Add(server);
        open.Add(new Closing(() => server.StopAsync(CancellationToken.None)));
        return (world, $"{server.Address}/hooks/play");
    }

    private Task<HttpStatusCode> SendAsync(HookWorld world, string address, string id, string body) => SendAsync(address, body, world.Signed(id, body));

    private async Task<HttpStatusCode> SendAsync(string address, string body, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = Message(address, body, headers);
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Message(string address, string body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private sealed class Closing(Func<Task> close) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(close());
    }

    private sealed class BrokenLedger : IDeliveryLedger
    {
        private static StorageException Away => new("The ledger is away.");

        public Task<int> StoreDeliveriesAsync(IReadOnlyList<DeliveryRow> deliveries, CancellationToken ct) => throw Away;

        public Task<IReadOnlyList<ClaimedDelivery>> ClaimDeliveriesAsync(string source, LeaseOwner owner, int limit, TimeSpan lease, CancellationToken ct) => throw Away;

        public Task ReleaseDeadClaimsAsync(LeaseOwner self, CancellationToken ct) => throw Away;

        public Task EndDeliveriesAsync(LeaseOwner owner, IReadOnlyList<DeliveryEnd> ends, CancellationToken ct) => throw Away;

        public Task<IReadOnlyList<DeliveryLine>> DeliveriesAsync(DeliveryFilter filter, int limit, CancellationToken ct) => throw Away;

        public Task<int> ReplayAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) => throw Away;

        public Task<int> DropDeliveriesAsync(string source, DateTimeOffset doneBefore, CancellationToken ct) => throw Away;

        public Task<IReadOnlyList<DeliveryCount>> CountDeliveriesAsync(CancellationToken ct) => throw Away;
    }
}
