using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CredSync.EndToEnd.Tests.Distributed;

/// <summary>A line on this machine to some server, at a port that stays the same, which a test can leave unconnected, cut, and mend.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> lines = new();
    private readonly string host;
    private readonly int port;
    private TcpListener? listener;

    /// <summary>Describes a line; nobody listens yet.</summary>
    public TcpProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Lets connections through.</summary>
    public void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = AcceptAsync(listener);
    }

    /// <summary>Cuts what is connected; new connections go through.</summary>
    public void Cut()
    {
        foreach (TcpClient line in lines.Keys)
        {
            line.Client?.Close(0);
        }
    }

    /// <summary>Cuts what is connected, and lets nothing through any more.</summary>
    public void Close()
    {
        listener?.Stop();
        Cut();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await from.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        using TcpClient far = new() { NoDelay = true };
        near.NoDelay = true;
        lines[near] = lines[far] = true;
        try
        {
            await far.ConnectAsync(host, port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            lines.TryRemove(near, out _);
            lines.TryRemove(far, out _);
            near.Dispose();
        }
    }
}
