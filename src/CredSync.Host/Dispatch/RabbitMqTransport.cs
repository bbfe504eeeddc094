using CredSync.Host.Queue;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Dispatch;

/// <summary>How MassTransit is put on RabbitMQ.</summary>
internal static class RabbitMqTransport
{
    /// <summary>Address, login, confirmations, and patience with a broker that is away.</summary>
    public static void Connect(this IRabbitMqBusFactoryConfigurator bus, BrokerAddress address, IBusRegistrationContext context)
    {
        var gate = new BrokerGate(address, context.GetRequiredService<TimeProvider>());
        CancellationToken stopping = context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        bus.Host(address.Host, (ushort)address.Port, address.VirtualHost, "credsync", host =>
        {
            host.Username(address.User);
            host.Password(address.Password);
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(20));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(10));
            if (address.UsesTls)
            {
                host.UseSsl(tls => tls.ServerName = address.Host);
            }

            // Called before each attempt to connect: the attempt is not made, and no growing pause begun, until the broker answers.
            host.OnRefreshConnectionFactory = _ => gate.WaitAsync(stopping);
        });
    }

    /// <summary>A replicated queue whose messages are never moved to an error queue with the person in them.</summary>
    public static void Replicate(this IRabbitMqReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        UnhandledFilter unhandled = context.GetRequiredService<UnhandledFilter>();
        endpoint.SetQuorumQueue();
        endpoint.PublishFaults = false;
        endpoint.ConfigureError(pipe => pipe.UseFilter(unhandled));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(unhandled));
    }
}
