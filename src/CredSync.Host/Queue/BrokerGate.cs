using System.Net.Sockets;

namespace CredSync.Host.Queue;

/// <summary>
/// Waits until a broker answers at its port. MassTransit's own attempts come at growing distances, up to half a minute; asked before each of them, this one lets
/// the attempt go ahead within a second of the broker's return.
/// </summary>
internal sealed class BrokerGate(BrokerAddress address, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // "AMQP", then 0, 0-9-1: whoever speaks it answers with a method frame, whose first byte is 1.
    private static readonly byte[] Greeting = "AMQP\0\0\x09\x01"u8.ToArray();

    /// <summary>Returns once the broker answers.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        while (!await AnswersAsync(ct).ConfigureAwait(false))
        {
            await Task.Delay(Between, time, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, either.Token).ConfigureAwait(false);
            if (address.UsesTls)
            {
                return true;
            }

            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Greeting, either.Token).ConfigureAwait(false);
            byte[] answer = new byte[1];
            return await stream.ReadAsync(answer, either.Token).ConfigureAwait(false) == 1 && answer[0] == 1;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
