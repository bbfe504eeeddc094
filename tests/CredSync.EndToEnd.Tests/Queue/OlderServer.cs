using System.Net;
using System.Net.Sockets;

namespace CredSync.EndToEnd.Tests.Queue;

/// <summary>A line to a PostgreSQL that says of itself that it is version 13.</summary>
internal sealed class OlderServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public OlderServer(string host, int port)
    {
        listener.Start();
        _ = AcceptAsync(host, port);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ValueTask DisposeAsync()
    {
        listener.Stop();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(string host, int port)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync(), host, port);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private static async Task RelayAsync(TcpClient near, string host, int port)
    {
        using TcpClient client = near, far = new();
        try
        {
            await far.ConnectAsync(host, port);
            Task up = near.GetStream().CopyToAsync(far.GetStream());
            await Task.WhenAny(up, AnswerAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two went.
        }
    }

    // The version stands in one piece: the server sends all that it says at the beginning at once.
    private static async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        byte[] buffer = new byte[65_536];
        for (int read; (read = await server.ReadAsync(buffer)) > 0;)
        {
            int name = buffer.AsSpan(0, read).IndexOf("server_version\0"u8);
            if (name >= 0)
            {
                "13"u8.CopyTo(buffer.AsSpan(name + "server_version\0".Length));
            }

            await client.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
