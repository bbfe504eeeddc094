using System.Security.Authentication;
using CredSync.Host.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CredSync.Host.Queue;

/// <summary>
/// Our own line to RabbitMQ beside MassTransit's, for the few things that must be said deliberately: declaring a queue before its consumer was ever up, leaving
/// records of what nobody could handle, and asking at the start whether we are let in. One connection, opened when it is first needed.
/// </summary>
internal sealed class Broker(BrokerAddress address) : IAsyncDisposable
{
    /// <summary>The oldest supported broker.</summary>
    public static readonly Version OldestServer = new(3, 10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly ConnectionFactory factory = new()
    {
        HostName = address.Host,
        Port = address.Port,
        VirtualHost = address.VirtualHost,
        UserName = address.User,
        Password = address.Password,
        Ssl = new SslOption { Enabled = address.UsesTls, ServerName = address.Host },
        ClientProvidedName = "credsync declarations",
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(10),
    };

    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Does something on the channel, alone; a channel that the broker closed is replaced first.</summary>
    /// <exception cref="StorageException">The broker cannot be used; one sentence says why.</exception>
    public async Task UseAsync(Func<IChannel, Task> work, CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await work(await OpenAsync(ct).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            await CloseAsync().ConfigureAwait(false);
            throw new StorageException($"{address.Name} {Explain(e)}", e) { IsOutage = IsOutage(e) };
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken ct)
    {
        if (channel is { IsOpen: true } && connection is { IsOpen: true })
        {
            return channel;
        }

        await CloseAsync().ConfigureAwait(false);
        connection = await factory.CreateConnectionAsync(ct).ConfigureAwait(false);
        if (VersionOf(connection) is { } version && version < OldestServer)
        {
            throw new StorageException($"{address.Name} is version {version}; CredSync needs {OldestServer} or newer: upgrade the broker.");
        }

        channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct).ConfigureAwait(false);
        return channel;
    }

    private async Task CloseAsync()
    {
        (IConnection? old, connection, channel) = (connection, null, null);
        if (old is not null)
        {
            try
            {
                await old.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException)
            {
                // It is broken; that is why it is closed.
            }
        }
    }

    private static Version? VersionOf(IConnection connection) =>
        connection.ServerProperties?.TryGetValue("version", out object? value) == true && value is byte[] bytes && Version.TryParse(System.Text.Encoding.UTF8.GetString(bytes).Split('-', '+')[0], out Version? version) ? version : null;

    private static bool IsOutage(Exception e) => e switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException => false,
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.AccessRefused or Constants.NotAllowed or Constants.PreconditionFailed } => false,
        { InnerException: { } inner } => IsOutage(inner),
        _ => true,
    };

    private static string Explain(Exception e) => e switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException => "refuses the user name or password; correct Queue:ConnectionString.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.NotAllowed } reason } => $"does not let us in ({reason.ReplyText}); create the virtual host, or give this user access to it.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.AccessRefused } reason } => $"does not give this user the rights that are needed ({reason.ReplyText}); it must configure, write and read in its virtual host.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.PreconditionFailed } reason } => $"has a queue that was declared in another way ({reason.ReplyText}); delete that queue once it is empty.",
        { InnerException: AuthenticationException } => "cannot be talked to over TLS: its certificate is not trusted.",
        { InnerException: { } inner } when inner is RabbitMQClientException => Explain(inner),
        _ => "cannot be reached; it is tried again.",
    };
}
