using System.Net;

namespace CredSync.Conformance.Http;

/// <summary>Records what passes between a source and a real or play platform. Secrets are replaced as they pass, before anything is kept.</summary>
public sealed class TranscriptRecorder : DelegatingHandler
{
    private static readonly string[] KeptHeaders = ["Date", "Link", "Location", "Retry-After"];

    private readonly IReadOnlyList<(string Secret, string Written)> secrets;
    private readonly Lock gate = new();
    private readonly List<Exchange> exchanges = [];

    /// <summary>Creates a recorder.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="secrets">
    /// Every secret that may pass, in requests or answers (tokens, keys, passwords). They are written as <c>SECRET-1</c>, <c>SECRET-2</c> and so on; headers of
    /// requests, where credentials travel, are not written at all. Personal data is not recognised: record invented people only.
    /// </param>
    public TranscriptRecorder(HttpMessageHandler platform, IReadOnlyList<string> secrets)
        : base(platform)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        // The longest first, or a secret within another would leave a rest of the longer one.
        this.secrets = [.. secrets.Select((secret, index) => (secret, $"SECRET-{index + 1}")).OrderByDescending(pair => pair.secret.Length)];
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
        Exchange exchange = new()
        {
            Request = Scrub($"{request.Method} {request.RequestUri?.PathAndQuery}"),
            Body = Scrub(body),
            Status = (int)answer.StatusCode,
            ContentType = answer.Content.Headers.ContentType?.ToString(),
            Headers = answer.Headers.Where(header => KeptHeaders.Contains(header.Key)).ToDictionary(header => header.Key, header => Scrub(string.Join(", ", header.Value))),
            Answer = Scrub(text),
        };
        lock (gate)
        {
            exchanges.Add(exchange);
        }

        return answer;
    }

    private string Scrub(string text)
    {
        foreach ((string secret, string written) in secrets)
        {
            text = text.Replace(secret, written, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), written, StringComparison.Ordinal)
                .Replace(WebUtility.UrlEncode(secret), written, StringComparison.Ordinal);
        }

        return text;
    }
}
