using CredSync.Host.Storage;

namespace CredSync.Host.Queue;

/// <summary>A RabbitMQ address, taken apart.</summary>
internal sealed class BrokerAddress
{
    private BrokerAddress(Uri uri)
    {
        string[] login = uri.UserInfo.Split(':', 2);
        Host = uri.Host;
        UsesTls = uri.Scheme == "amqps";
        Port = uri.IsDefaultPort || uri.Port < 0 ? UsesTls ? 5671 : 5672 : uri.Port;
        VirtualHost = uri.AbsolutePath.Length <= 1 ? "/" : Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        User = login[0].Length == 0 ? "guest" : Uri.UnescapeDataString(login[0]);
        Password = login.Length < 2 ? "guest" : Uri.UnescapeDataString(login[1]);
    }

    public string Host { get; }

    public int Port { get; }

    public bool UsesTls { get; }

    public string VirtualHost { get; }

    public string User { get; }

    /// <summary>Secret.</summary>
    public string Password { get; }

    /// <summary>The broker in words, to begin a sentence with; no password.</summary>
    public string Name => $"RabbitMQ at {Host}:{Port}, virtual host '{VirtualHost}', user '{User}',";

    /// <summary>Reads an address.</summary>
    /// <param name="text">For example <c>amqp://user:password@host:5672/vhost</c>.</param>
    /// <exception cref="StorageSettingException">It is no such address.</exception>
    public static BrokerAddress Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0
            ? new BrokerAddress(uri)
            : throw new StorageSettingException("Queue:ConnectionString is not a RabbitMQ address; it looks like 'amqp://user:password@host:5672/vhost', or amqps for TLS. Special characters in the password are written %XX.");
}
