using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CredSync.Conformance.Http;

/// <summary>
/// Answers as recorded. A request that was made several times gets its answers in turn, the last one again and again. A source that is tested against a
/// transcript is configured with the secrets as they are written there (<c>SECRET-1</c>).
/// </summary>
internal sealed class TranscriptPlayer : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Request, string Body), Queue<Exchange>> answers = [];

    public TranscriptPlayer(Transcript transcript)
    {
        foreach (Exchange exchange in transcript.Exchanges)
        {
            (string Request, string Body) key = (exchange.Request, exchange.Body);
            if (!answers.TryGetValue(key, out Queue<Exchange>? queue))
            {
                answers[key] = queue = new Queue<Exchange>();
            }

            queue.Enqueue(exchange);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        string asked = $"{request.Method} {request.RequestUri?.PathAndQuery}";
        Exchange exchange;
        lock (gate)
        {
            if (!answers.TryGetValue((asked, body), out Queue<Exchange>? queue))
            {
                throw new ConformanceException($"The transcript has no answer to {asked}{(body.Length > 0 ? " with this body: " + body : "")}.");
            }

            exchange = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        }

        HttpResponseMessage answer = new((HttpStatusCode)exchange.Status)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(exchange.Answer)),
        };
        if (exchange.ContentType is { } type)
        {
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach ((string name, string value) in exchange.Headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }
}
