using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CredSync.OpenBadges.Verification;

/// <summary>Limits of <see cref="HttpDocumentSource"/>.</summary>
public sealed record HttpDocumentLimits
{
    /// <summary>The most bytes of an answer, as received and decompressed. Default 4 MiB.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many redirects are followed. Default 3; a DID document must need none.</summary>
    public int MaxRedirects { get; init; } = 3;

    /// <summary>The longest time for one document with its redirects. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether plain http and addresses of private networks are allowed; for closed networks and tests only. Default false.</summary>
    public bool AllowPrivateNetworks { get; init; }
}

/// <summary>
/// Fetches over https, for verifiers that are online. Because strangers choose the addresses: public Internet addresses only (checked on the
/// address that is connected to, so a name that changes its mind does not help), bounded size, time and redirects, no cookies, no credentials.
/// </summary>
public sealed class HttpDocumentSource : IDocumentSource, IDisposable
{
    private readonly HttpDocumentLimits limits;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    /// <summary>Creates the source.</summary>
    /// <param name="clock">Measures the time-out.</param>
    /// <param name="limits">The limits; null for the defaults.</param>
    public HttpDocumentSource(TimeProvider clock, HttpDocumentLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        this.clock = clock;
        this.limits = limits ?? new();
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
        });
        client.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FetchAsync(Uri address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var patience = new CancellationTokenSource(limits.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await FollowAsync(address, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new DocumentException($"{address.Host} did not answer within {limits.Timeout.TotalSeconds:0} seconds.", fault);
        }
        catch (HttpRequestException fault)
        {
            throw fault.InnerException as DocumentException ?? new DocumentException($"{address.Host} cannot be reached.", fault);
        }
        catch (IOException fault)
        {
            throw new DocumentException($"The connection to {address.Host} broke.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<byte[]?> FollowAsync(Uri address, CancellationToken ct)
    {
        for (int redirects = 0; ; redirects++)
        {
            Refuse(address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.5));
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next)
            {
                address = redirects < limits.MaxRedirects
                    ? new Uri(address, next)
                    : throw new DocumentException($"{address.Host} redirects more than {limits.MaxRedirects} times.");
                continue;
            }

            return response.StatusCode switch
            {
                HttpStatusCode.OK => await ReadAsync(response, address, ct).ConfigureAwait(false),
                HttpStatusCode.NotFound or HttpStatusCode.Gone => null,
                _ => throw new DocumentException($"{address.Host} answered {(int)response.StatusCode}."),
            };
        }
    }

    private void Refuse(Uri address)
    {
        bool scheme = address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (limits.AllowPrivateNetworks && address.Scheme == Uri.UriSchemeHttp));
        if (!scheme || address.UserInfo.Length > 0)
        {
            throw new DocumentException("Only https addresses without a user name are fetched.");
        }
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri address, CancellationToken ct)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        for (int read = await body.ReadAsync(part, ct).ConfigureAwait(false); read > 0; read = await body.ReadAsync(part, ct).ConfigureAwait(false))
        {
            if (bytes.Length + read > limits.MaxBytes)
            {
                throw new DocumentException($"{address.Host} answered with more than {limits.MaxBytes} bytes.");
            }

            bytes.Write(part, 0, read);
        }

        return bytes.ToArray();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct).ConfigureAwait(false);
        IPAddress[] allowed = limits.AllowPrivateNetworks ? addresses : [.. addresses.Where(PublicAddresses.IsPublic)];
        if (allowed.Length == 0)
        {
            throw new DocumentException($"{context.DnsEndPoint.Host} has no address on the public Internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
