using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>A line to a server that can be slow, lose everything, be cut, or be cut after the server has done what it was asked and before its answer comes through.</summary>
internal sealed class FaultyLine : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Pair, bool> pairs = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string host;
    private readonly int port;
    private volatile int delay;
    private volatile bool loses;
    private Trap? trap;

    public FaultyLine(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Milliseconds that each piece waits, both ways.</summary>
    public int Delay
    {
        set => delay = value;
    }

    /// <summary>Whether pieces vanish, both ways, without anybody being told.</summary>
    public bool Loses
    {
        set => loses = value;
    }

    /// <summary>Cuts what is connected.</summary>
    public void Cut()
    {
        foreach (Pair pair in pairs.Keys)
        {
            pair.Close();
        }
    }

    /// <summary>Waits until something with these words goes to the server, lets it through, and cuts the line when the answer comes, which nobody hears.</summary>
    /// <returns>False when nothing of the kind was said in time.</returns>
    public async Task<bool> CutBeforeAnswerAsync(byte[] words, TimeSpan patience, CancellationToken ct)
    {
        var set = new Trap(words);
        Volatile.Write(ref trap, set);
        try
        {
            await set.Done.Task.WaitAsync(patience, TimeProvider.System, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return Interlocked.CompareExchange(ref trap, null, set) != set && set.Done.Task.IsCompleted;
        }
    }

    public ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        var pair = new Pair(near, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        pairs[pair] = true;
        near.NoDelay = true;
        try
        {
            await pair.Far.ConnectAsync(host, port);
            await Task.WhenAny(PumpAsync(pair, toServer: true), PumpAsync(pair, toServer: false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the server is away.
        }
        finally
        {
            pairs.TryRemove(pair, out _);
            pair.Close();
        }
    }

    private async Task PumpAsync(Pair pair, bool toServer)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await (toServer ? pair.Near : pair.Far).ReceiveAsync(buffer) is > 0 and int length)
            {
                if (!toServer && pair.Caught is { } caught)
                {
                    pair.Close();
                    caught.Done.TrySetResult();
                    return;
                }

                if (delay > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
                }

                if (toServer && trap is { } set && buffer.AsSpan(0, length).IndexOf(set.Words) >= 0 && Interlocked.CompareExchange(ref trap, null, set) == set)
                {
                    pair.Caught = set;
                }

                if (!loses)
                {
                    await (toServer ? pair.Far : pair.Near).SendAsync(buffer.AsMemory(0, length));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private sealed class Pair(Socket near, Socket far)
    {
        public Socket Near => near;

        public Socket Far => far;

        public Trap? Caught { get; set; }

        public void Close()
        {
            near.Close(0);
            far.Close(0);
        }
    }

    private sealed class Trap(byte[] words)
    {
        public byte[] Words => words;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
