namespace CredSync.Conformance.Http;

/// <summary>Records what passes between a source and a real or play platform. Secrets are replaced as they pass, before anything is kept.</summary>
public sealed class TranscriptRecorder : DelegatingHandler
{
    private static readonly string[] KeptHeaders = ["Date", "Link", "Location", "Retry-After"];

    private readonly SecretScrubber scrubber;
    private readonly Lock gate = new();
    private readonly List<Exchange> exchanges = [];

    /// <summary>Creates a recorder.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="secrets">
    /// Every secret that may pass, in requests or answers (tokens, keys, passwords). They are written as <c>SECRET-1</c>, <c>SECRET-2</c> and so on; headers of
    /// requests, where credentials travel, are not written at all. Tokens that the platform hands out on the way are recognised by the names of their fields
    /// and written in the same manner. People are not: see <see cref="Transcript.WithoutPeople"/>.
    /// </param>
    public TranscriptRecorder(HttpMessageHandler platform, IReadOnlyList<string> secrets)
        : base(platform)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        scrubber = new SecretScrubber(secrets);
    }

    /// <summary>What was recorded so far.</summary>
    public Transcript Recorded
    {
        get
        {
            lock (gate)
            {
                return new Transcript { Exchanges = [.. exchanges] };
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await answer.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        scrubber.Learn(request.Headers.Authorization?.Parameter, body, text);
        Exchange exchange = new()
        {
            Request = scrubber.Scrub($"{request.Method} {request.RequestUri?.PathAndQuery}"),
            Body = scrubber.Scrub(body),
            Status = (int)answer.StatusCode,
            ContentType = answer.Content.Headers.ContentType?.ToString(),
            Headers = answer.Headers.Where(header => KeptHeaders.Contains(header.Key)).ToDictionary(header => header.Key, header => scrubber.Scrub(string.Join(", ", header.Value))),
            Answer = scrubber.Scrub(text),
        };
        lock (gate)
        {
            exchanges.Add(exchange);
        }

        return answer;
    }
}
