using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Issuers;
using CredSync.Registration;

namespace CredSync.Adapters.Tests.Docs;

// begin: issuer
/// <summary>Settings of a diploma service.</summary>
public sealed class DiplomaOptions
{
    [Setting("address", "Address of the service.", Required = true, Example = "https://diplomas.example.org")]
    public Uri? Address { get; set; }

    [Setting("token", "Token of the service.", Required = true, Example = "env:DIPLOMA_TOKEN")]
    public Secret? Token { get; set; }
}

/// <summary>Awards diplomas. The service keeps our key with each, so what was minted is found by it.</summary>
public sealed class DiplomaIssuer(IssuerIdentity issuer, DiplomaOptions options, IHttpClientFactory clients) : ICredentialIssuer, ICredentialLookup
{
    public IssuerCapabilities Capabilities { get; } = new() { NeedsEmail = true };

    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        string email = request.Recipient.Email ?? throw new IssuerException(FaultKind.Rejected, "recipient-email-missing", $"Issuer '{issuer.Name}' awards to e-mail addresses, and none is known of this person.");
        JsonElement minted = await SendAsync(HttpMethod.Post, "diplomas", mints: true, ct, new { key = request.IssuanceId, email, earned = request.Award.EarnedAt });
        return Diploma(minted, request);
    }

    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct)
    {
        JsonElement found = await SendAsync(HttpMethod.Get, $"diplomas?key={request.IssuanceId}", mints: false, ct);
        return found.EnumerateArray().Select(diploma => Diploma(diploma, request)).FirstOrDefault();
    }

    private static IssuedCredential Diploma(JsonElement diploma, IssuanceRequest request) =>
        new() { CredentialId = diploma.GetProperty("id").GetString()!, IssuedAt = request.IssuedAt };

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, bool mints, CancellationToken ct, object? body = null)
    {
        using HttpClient client = clients.CreateClient("diplomas");
        using HttpRequestMessage request = new(method, new Uri(options.Address!, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", options.Token!.Reveal());
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct) : throw Refused(answer, mints);
        }
        catch (HttpRequestException silent) when (silent.HttpRequestError != HttpRequestError.ConnectionError && mints)
        {
            throw new IssuerException(FaultKind.InDoubt, "issuer-outcome-unknown", $"Issuer '{issuer.Name}' went silent while it minted; it is looked up there.");
        }
        catch (HttpRequestException)
        {
            throw new IssuerException(FaultKind.Outage, "issuer-unreachable", $"Issuer '{issuer.Name}' cannot be reached; it is asked again later.");
        }
        catch (JsonException)
        {
            throw new IssuerException(mints ? FaultKind.InDoubt : FaultKind.Broken, "issuer-answer-unreadable", $"Issuer '{issuer.Name}' answered something that is not its documented answer.");
        }
    }

    private IssuerException Refused(HttpResponseMessage answer, bool mints) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new(FaultKind.Unauthorized, "issuer-token-refused", $"Issuer '{issuer.Name}' refuses the token: renew it."),
        HttpStatusCode.Forbidden => new(FaultKind.Misconfigured, "issuer-rights-missing", $"Issuer '{issuer.Name}' forbids the call: give the token the right to award."),
        HttpStatusCode.TooManyRequests => new(FaultKind.RateLimited, "issuer-asks-for-patience", $"Issuer '{issuer.Name}' asks for fewer calls.", answer.Headers.RetryAfter?.Delta),
        >= HttpStatusCode.InternalServerError => new(mints ? FaultKind.InDoubt : FaultKind.Outage, "issuer-unwell", $"Issuer '{issuer.Name}' is unwell (HTTP {(int)answer.StatusCode})."),
        _ => new(FaultKind.Rejected, "issuer-refused", $"Issuer '{issuer.Name}' refuses the diploma (HTTP {(int)answer.StatusCode})."),
    };
}
// end: issuer
