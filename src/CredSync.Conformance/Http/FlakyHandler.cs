namespace CredSync.Conformance.Http;

/// <summary>Stands in front of a platform, counts requests, and answers some of them itself.</summary>
public sealed class FlakyHandler : DelegatingHandler
{
    private readonly Func<int, HttpRequestMessage, HttpResponseMessage?> instead;
    private readonly Lock gate = new();
    private readonly List<string> addresses = [];

    /// <summary>Only counts.</summary>
    /// <param name="platform">The platform.</param>
    public FlakyHandler(HttpMessageHandler platform)
        : this(platform, static (_, _) => null)
    {
    }

    /// <summary>Answers from one request on.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="from">The first request that it answers, from 0.</param>
    /// <param name="answer">The answer; may throw, as a broken connection does.</param>
    public FlakyHandler(HttpMessageHandler platform, int from, Func<HttpRequestMessage, HttpResponseMessage> answer)
        : this(platform, (number, request) => number >= from ? answer(request) : null)
    {
    }

    /// <summary>Answers requests of choice.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="instead">Gets the number of the request, from 0, and the request; answers it, throws, or leaves it to the platform with null.</param>
    public FlakyHandler(HttpMessageHandler platform, Func<int, HttpRequestMessage, HttpResponseMessage?> instead)
        : base(platform) => this.instead = instead;

    /// <summary>How many requests were sent so far.</summary>
    public int Sent
    {
        get
        {
            lock (gate)
            {
                return addresses.Count;
            }
        }
    }

    /// <summary>The addresses of the requests so far, in the order in which they came.</summary>
    public IReadOnlyList<string> Addresses
    {
        get
        {
            lock (gate)
            {
                return [.. addresses];
            }
        }
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        int number;
        lock (gate)
        {
            number = addresses.Count;
            addresses.Add(request.RequestUri?.AbsoluteUri ?? "");
        }

        return instead(number, request) is { } answer ? Task.FromResult(answer) : base.SendAsync(request, cancellationToken);
    }
}
