using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync;
using CredSync.Registration;
using CredSync.Sources;

namespace Acme;

/// <summary>The service's API: addresses, token, faults. HTTP only, no meaning. It does not retry: the host waits and asks again.</summary>
public sealed class AcmeClient(SourceIdentity source, AcmeOptions options, IHttpClientFactory clients)
{
    // How every sentence begins that an operator will read.
    private readonly string who = $"Acme (source '{source.Name}')";

    /// <summary>A page of completions after a number in the service's log.</summary>
    public Task<AcmePage> GetCompletionsAsync(long after, CancellationToken ct) =>
        GetAsync<AcmePage>(string.Create(CultureInfo.InvariantCulture, $"completions?after={after}&limit={options.PageSize}"), ct);

    /// <summary>The account that the token belongs to.</summary>
    public Task<AcmeAccount> GetAccountAsync(CancellationToken ct) => GetAsync<AcmeAccount>("account", ct);

    /// <summary>The fault for an answer that breaks the service's own protocol.</summary>
    public SourceException Broken(string what) => new(FaultKind.Broken, $"{who} {what}: it is read again later; if this lasts, ask its administrator.");

    private async Task<T> GetAsync<T>(string path, CancellationToken ct)
    {
        using HttpClient client = clients.CreateClient(AcmeRegistration.Adapter);
        using HttpRequestMessage request = new(HttpMethod.Get, Address(path));
        request.Headers.Authorization = new("Bearer", Token());
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, ct);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync<T>(ct) ?? throw Broken("sent an empty answer")
                : throw Refused(answer);
        }
        catch (JsonException)
        {
            // The message of the exception is left out everywhere: it may quote what it read.
            throw Broken("sent something that is not its documented answer");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new SourceException(FaultKind.Outage, $"{who} cannot be reached, or did not answer in time: it is asked again later.");
        }
    }

    private SourceException Refused(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new(FaultKind.Unauthorized, $"{who} refuses the token (HTTP 401): renew it, then resume the source."),
        HttpStatusCode.Forbidden => new(FaultKind.Misconfigured, $"{who} forbids the call (HTTP 403): give the token the right to read."),
        HttpStatusCode.NotFound => new(FaultKind.Misconfigured, $"{who} does not know the address (HTTP 404): correct the source's address."),
        HttpStatusCode.TooManyRequests => new(FaultKind.RateLimited, $"{who} asks for fewer calls (HTTP 429).", answer.Headers.RetryAfter?.Delta),
        >= HttpStatusCode.InternalServerError => new(FaultKind.Outage, $"{who} is unwell (HTTP {(int)answer.StatusCode}): it is asked again later.", answer.Headers.RetryAfter?.Delta),
        _ => Broken($"refuses the request (HTTP {(int)answer.StatusCode})"),
    };

    private Uri Address(string path) => options.Address is { } address
        ? new Uri(address.ToString().TrimEnd('/') + "/" + path)
        : throw new SourceException(FaultKind.Misconfigured, $"{who} has no 'address'.");

    // Read for each call, so that a renewed secret takes effect without a restart.
    private string Token()
    {
        try
        {
            return options.Token?.Reveal() ?? throw new InvalidOperationException();
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new SourceException(FaultKind.Misconfigured, $"{who} cannot read its token {options.Token}: provide it to this process.");
        }
    }
}
