using System.Text.Json;
using CredSync.Registration;

namespace CredSync.Sources.Http;

/// <summary>Sends the requests of one source and hands back guarded JSON; everything else becomes a <see cref="SourceException"/>.</summary>
internal sealed class SourceHttp(IHttpClientFactory clients, string adapter, string platform, SourceIdentity source, SourceHttpSettings settings, TimeProvider time)
{
    /// <summary>The platform and source in words, as operator sentences begin.</summary>
    public string Who { get; } = $"{platform} (source '{source.Name}')";

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock { get; private set; } = [];

    /// <summary>Sends a request; the answer's body is already read.</summary>
    /// <param name="request">The request; disposed by the caller.</param>
    /// <param name="ct">Cancels the request and the waits between tries.</param>
    /// <returns>Any answer, whatever its status.</returns>
    /// <exception cref="SourceException">No answer came, or the address is none.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, Scheme: "https" or "http" })
        {
            throw new SourceException(FaultKind.Misconfigured, $"{Who} has an address that is no web address: write it with https:// before the host name.");
        }

        if (source.CallsPerMinute is { } calls)
        {
            await settings.Budgets.Of(request.RequestUri, time).WaitAsync(calls, ct).ConfigureAwait(false);
        }

        request.Options.Set(HttpPolicy.Connection, source.Name);
        // A client is made for each request so that the factory can renew its handlers; it holds nothing of its own.
        using HttpClient client = clients.CreateClient(adapter);
        try
        {
            HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            Clock = ClockCheck.Of(answer.Headers.Date, time.GetUtcNow());
            return answer;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or Polly.ExecutionRejectedException or IOException)
        {
            // The inner exception is left out: its message may hold the address, and addresses may hold personal data.
            throw HttpFaults.Of(Who, fault, settings);
        }
    }

    /// <summary>Sends a request and reads its answer as JSON.</summary>
    /// <param name="request">The request; disposed by the caller.</param>
    /// <param name="ct">Cancels the request and the waits between tries.</param>
    /// <exception cref="SourceException">No answer, an error status, or something that is not JSON.</exception>
    public async Task<JsonDocument> GetJsonAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using HttpResponseMessage answer = await SendAsync(request, ct).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false)
            : throw HttpFaults.Of(Who, answer, time);
    }
}
