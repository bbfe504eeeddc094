using System.Text.Json;
using System.Text.RegularExpressions;
using CredSync.Registration;

namespace CredSync.Issuers.Http;

/// <summary>Sends the requests of one issuer within its rate budget; silence becomes an <see cref="IssuerException"/>, any answer is handed back.</summary>
internal sealed partial class IssuerHttp(IHttpClientFactory clients, string adapter, string service, IssuerIdentity issuer, IssuerHttpSettings settings, RateBudget budget, TimeProvider time)
{
    /// <summary>Marks a request whose success may be answered with something else than JSON, but never with a web page.</summary>
    public static readonly HttpRequestOptionsKey<bool> AnyBody = new("credsync-any-body");

    /// <summary>The service and issuer in words, as operator sentences begin.</summary>
    public string Who { get; } = $"{service} (issuer '{issuer.Name}')";

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request; disposed by the caller.</param>
    /// <param name="effect">What it does there.</param>
    /// <param name="ct">Cancels the request and the waits before and between tries.</param>
    /// <returns>Any answer, whatever its status.</returns>
    /// <exception cref="IssuerException">No answer came: an outage when nothing can have been minted, else in doubt.</exception>
    public async Task<IssuerAnswer> SendAsync(HttpRequestMessage request, Effect effect, CancellationToken ct)
    {
        await budget.WaitAsync(ct).ConfigureAwait(false);
        request.Headers.Accept.ParseAdd("application/json");
        request.Options.Set(HttpPolicy.Connection, issuer.Name);
        request.Options.Set(HttpPolicy.Once, effect == Effect.Mint);
        // A client is made for each request so that the factory can renew its handlers; it holds nothing of its own.
        using HttpClient client = clients.CreateClient(adapter);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            return await ReadAsync(answer, effect, request.Options.TryGetValue(AnyBody, out bool any) && any, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or Polly.ExecutionRejectedException or IOException)
        {
            // The inner exception is left out: its message may hold the address.
            throw IssuerFaults.Silent(Who, fault, effect, settings);
        }
    }

    /// <summary>The fault behind an answer that is not a success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="effect">What the request does there.</param>
    public IssuerException Fault(IssuerAnswer answer, Effect effect) => IssuerFaults.Of(Who, answer, effect);

    /// <summary>The fault of a success whose body is not what the issuer's documentation says.</summary>
    /// <param name="effect">What the request does there.</param>
    public IssuerException Unreadable(Effect effect) => IssuerFaults.Unreadable(Who, effect);

    private async Task<IssuerAnswer> ReadAsync(HttpResponseMessage answer, Effect effect, bool anyBody, CancellationToken ct)
    {
        (JsonDocument? json, string? problem) = await JsonReading.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        using (json)
        {
            // What is not JSON is the concern of a success only: an error may well come as a page. A success without a body has none to be read.
            bool page = answer.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true;
            bool without = answer.StatusCode == System.Net.HttpStatusCode.NoContent || (anyBody && !page);
            return answer.IsSuccessStatusCode && json is null && !without
                ? throw (effect == Effect.Mint ? IssuerFaults.Unreadable(Who, effect) : new IssuerException(FaultKind.Broken, "issuer-answer-unreadable", problem!))
                : new IssuerAnswer(answer.StatusCode, json?.RootElement.Clone(), RetryAfter.Of(answer, time), answer.Headers.Date, NextOf(answer));
        }
    }

    private static string? NextOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) && NextLink().Match(string.Join(", ", links)) is { Success: true } next ? next.Groups[1].Value : null;

    [GeneratedRegex("<([^>]+)>\\s*;[^,]*\\brel=\"?next\"?", RegexOptions.CultureInvariant)]
    private static partial Regex NextLink();
}
