using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CredSync.Host.Operations.Alerts;
using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Operations;

/// <summary>Alerts as they arrive: by a real POST and by real SMTP.</summary>
public sealed class ChannelTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Alert Failing = new("issuer-failing", "credly-main", "Issuer 'credly-main' failed last; 12 credentials are not issued.", "/operate/issuers", "credsync failures --by issuer");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_gets_what_began_what_is_over_the_link_and_the_command()
    {
        var bodies = new List<string>();
        int status = 200;
        await using PlayServer server = await PlayServer.StartAsync(
            app => app.MapPost("/alerts", async http =>
            {
                bodies.Add(await new StreamReader(http.Request.Body).ReadToEndAsync(Ct));
                http.Response.StatusCode = status;
            }),
            HttpProtocols.Http1,
            Ct);
        using var client = new HttpClient();
        var channel = new WebhookChannel(client, $"{server.Address}/alerts", "https://credsync.example/");
        await channel.TellAsync(new AlertEvent(Failing, false, At), Ct);
        await channel.TellAsync(new AlertEvent(Failing, true, At.AddHours(1)), Ct);
        using JsonDocument began = JsonDocument.Parse(bodies[0]);
        began.RootElement.GetProperty("state").GetString().ShouldBe("began");
        began.RootElement.GetProperty("link").GetString().ShouldBe("https://credsync.example/operate/issuers");
        began.RootElement.GetProperty("command").GetString().ShouldBe("credsync failures --by issuer");
        began.RootElement.GetProperty("sentence").GetString().ShouldBe(Failing.Sentence);
        JsonDocument.Parse(bodies[1]).RootElement.GetProperty("state").GetString().ShouldBe("over");
        status = 500;
        await Should.ThrowAsync<HttpRequestException>(() => channel.TellAsync(new AlertEvent(Failing, false, At), Ct));
    }

    [Fact]
    public async Task An_e_mail_arrives_with_its_subject_link_command_and_runbook()
    {
        using var server = new PlayMailServer();
        var channel = new MailChannel(
            new MailOptions { Host = "127.0.0.1", Port = server.Port, Tls = false, From = "credsync@example.org", To = "operators@example.org" }, new SecretReader(new Dictionary<string, string>()), "https://credsync.example",
            new FakeTimeProvider(At));
        await channel.TellAsync(new AlertEvent(Failing, false, At), Ct);
        await channel.TellAsync(new AlertEvent(Failing, true, At.AddHours(1)), Ct);
        string[] mails = await server.TakeAsync(2, Ct);
        mails[0].ShouldSatisfyAllConditions(
            m => m.ShouldContain("From: credsync@example.org"), m => m.ShouldContain("To: operators@example.org"), m => m.ShouldContain("Subject: CredSync: issuer-failing credly-main"), m => m.ShouldContain(Failing.Sentence),
            m => m.ShouldContain("https://credsync.example/operate/issuers"), m => m.ShouldContain("credsync failures --by issuer"), m => m.ShouldContain("docs/operating.md#alert-issuer-failing"));
        mails[1].ShouldContain("Subject: CredSync: over: issuer-failing credly-main");
    }

    [Fact]
    public async Task A_mail_server_that_is_away_fails_the_telling()
    {
        int port;
        using (var server = new PlayMailServer())
        {
            port = server.Port;
        }

        var channel = new MailChannel(new MailOptions { Host = "127.0.0.1", Port = port, Tls = false, From = "a@example.org", To = "b@example.org" }, new SecretReader(new Dictionary<string, string>()), "https://credsync.example", new FakeTimeProvider(At));
        await Should.ThrowAsync<SocketException>(() => channel.TellAsync(new AlertEvent(Failing, false, At), Ct));
    }

    /// <summary>As much SMTP as one client needs.</summary>
    private sealed class PlayMailServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly System.Threading.Channels.Channel<string> mails = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly CancellationTokenSource stop = new();

        public PlayMailServer()
        {
            listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public async Task<string[]> TakeAsync(int count, CancellationToken ct)
        {
            var taken = new List<string>();
            while (taken.Count < count)
            {
                taken.Add(await mails.Reader.ReadAsync(ct));
            }

            return [.. taken];
        }

        public void Dispose()
        {
            stop.Cancel();
            listener.Stop();
            stop.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                    await TalkAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            await using var writer = new StreamWriter(stream, Encoding.ASCII, leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 play");
            while (await reader.ReadLineAsync(stop.Token) is { } line)
            {
                if (line == "DATA")
                {
                    await writer.WriteLineAsync("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync(stop.Token) is { } text and not ".")
                    {
                        mail.AppendLine(text);
                    }

                    mails.Writer.TryWrite(mail.ToString());
                }

                await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 OK");
                if (line == "QUIT")
                {
                    return;
                }
            }
        }
    }
}
