using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CredSync.OpenBadges.Tests.Verification;

/// <summary>Answers each connection with the bytes that a test gives for the path; null keeps the client waiting.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<string, string?> answer;
    private readonly Task loop;

    public LoopbackServer(Func<string, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        loop = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public int Connections { get; private set; }

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public static string Redirect(string to) => $"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await loop;
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var waiting = new List<TcpClient>();
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                Connections++;
                waiting.Add(client);
                await AnswerAsync(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            waiting.ForEach(static c => c.Dispose());
        }
    }

    // A client that gives up early, before or after it asked, is none of the server's business.
    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            if (await reader.ReadLineAsync(stop.Token) is not { } request)
            {
                return;
            }

            while (!string.IsNullOrEmpty(await reader.ReadLineAsync(stop.Token)))
            {
            }

            if (answer(request.Split(' ')[1]) is { } text)
            {
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), stop.Token);
                client.Close();
            }
        }
        catch (IOException)
        {
            client.Close();
        }
    }
}
