using System.Net;
using System.Text;
using CredSync.OpenBadges.Verification;

namespace CredSync.OpenBadges.Tests.Verification;

public sealed class HttpDocumentSourceTests
{
    private static readonly HttpDocumentLimits Private = new() { AllowPrivateNetworks = true, MaxBytes = 1000 };

    [Fact]
    public async Task A_document_is_fetched_through_a_few_redirects()
    {
        await using var server = new LoopbackServer(static path => path == "/end" ? LoopbackServer.Ok("{}") : LoopbackServer.Redirect(path == "/" ? "/1" : "/end"));
        using var source = new HttpDocumentSource(TimeProvider.System, Private);
        byte[]? document = await source.FetchAsync(server.Address, TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(document!).ShouldBe("{}");
    }

    [Fact]
    public async Task Redirects_without_end_are_not_followed()
    {
        await using var server = new LoopbackServer(static path => LoopbackServer.Redirect(path + "x"));
        (await FailAsync(server.Address, Private)).Message.ShouldContain("redirects");
        server.Connections.ShouldBe(4);
    }

    [Fact]
    public async Task A_document_above_the_limit_is_refused()
    {
        await using var server = new LoopbackServer(static _ => LoopbackServer.Ok(new string('x', 1001)));
        (await FailAsync(server.Address, Private)).Message.ShouldContain("more than 1000 bytes");
    }

    [Fact]
    public async Task A_document_that_is_not_there_is_null_and_an_error_is_a_fault()
    {
        await using var server = new LoopbackServer(static path => path == "/gone"
            ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            : "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var source = new HttpDocumentSource(TimeProvider.System, Private);
        (await source.FetchAsync(new Uri(server.Address, "gone"), TestContext.Current.CancellationToken)).ShouldBeNull();
        (await FailAsync(server.Address, Private)).Message.ShouldContain("500");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using var server = new LoopbackServer(static _ => null);
        (await FailAsync(server.Address, Private with { Timeout = TimeSpan.FromMilliseconds(100) })).Message.ShouldContain("did not answer");
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_a_fault()
    {
        Uri address;
        await using (var server = new LoopbackServer(static _ => null))
        {
            address = server.Address;
        }

        (await FailAsync(address, Private)).Message.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task By_default_nothing_inside_the_network_is_connected_to()
    {
        await using var server = new LoopbackServer(static _ => LoopbackServer.Ok("{}"));
        (await FailAsync(new Uri($"https://127.0.0.1:{server.Address.Port}/"), new())).Message.ShouldContain("no address on the public Internet");
        (await FailAsync(new Uri($"https://localhost:{server.Address.Port}/"), new())).Message.ShouldContain("no address on the public Internet");
        server.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/x")]
    [InlineData("https://user:word@example.org/")]
    public async Task Other_addresses_than_plain_https_are_refused(string address) =>
        (await FailAsync(new Uri(address), new())).Message.ShouldContain("Only https");

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    public void Public_addresses_are_told_from_all_others(string address, bool expected) => PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBe(expected);

    private static async Task<DocumentException> FailAsync(Uri address, HttpDocumentLimits limits)
    {
        using var source = new HttpDocumentSource(TimeProvider.System, limits);
        return await Should.ThrowAsync<DocumentException>(() => source.FetchAsync(address, TestContext.Current.CancellationToken));
    }
}
