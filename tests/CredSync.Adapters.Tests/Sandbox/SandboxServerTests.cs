using System.Net;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

public sealed class SandboxServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Platforms_listen_below_their_prefixes_on_the_loopback_address_only()
    {
        MoodlePlatform first = new(NorthwindScript.Create());
        MoodlePlatform second = new(new MoodleWorld(), "second");
        await using SandboxServer server = await SandboxServer.StartAsync([first, second], ct: Ct);
        server.Address.Host.ShouldBe("127.0.0.1");
        first.Address.ShouldBe(new Uri(server.Address, "moodle/"));
        second.Address.ShouldBe(new Uri(server.Address, "second/"));
        using HttpClient client = new();
        string call = $"webservice/rest/server.php?moodlewsrestformat=json&wsfunction=core_webservice_get_site_info&wstoken={NorthwindScript.Token}";
        (await client.GetStringAsync(new Uri(first.Address, call), Ct)).ShouldContain("svc_credsync");
        (await client.GetStringAsync(new Uri(second.Address, call), Ct)).ShouldContain("invalidtoken");
        using HttpResponseMessage nowhere = await client.GetAsync(new Uri(server.Address, "third/" + call), Ct);
        nowhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_the_start()
    {
        await using SandboxServer server = await SandboxServer.StartAsync([], ct: Ct);
        await Should.ThrowAsync<IOException>(() => SandboxServer.StartAsync([], new SandboxOptions { Port = server.Address.Port }, Ct));
    }

    [Fact]
    public void A_platform_that_is_not_served_has_no_address() =>
        Should.Throw<InvalidOperationException>(() => new MoodlePlatform(new MoodleWorld()).Address).Message.ShouldContain("start a SandboxServer");

    [Fact]
    public async Task A_server_that_is_disposed_lets_no_request_hang()
    {
        MoodlePlatform moodle = new(NorthwindScript.Create());
        SandboxServer server = await SandboxServer.StartAsync([moodle], ct: Ct);
        CredSync.Sandbox.Faults.ActiveFault held = moodle.Faults.Add(new() { Kind = CredSync.Sandbox.Faults.PlayFaultKind.Slow });
        using HttpClient client = new();
        Task<HttpResponseMessage> call = client.GetAsync(new Uri(moodle.Address, "webservice/rest/server.php"), Ct);
        await held.WaitForHitsAsync(1, Ct);
        await server.DisposeAsync();
        await Task.WhenAny(call);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(moodle.Address, Ct));
    }
}
