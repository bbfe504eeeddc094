using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CredSync.Issuers.Http;

/// <summary>
/// OAuth 2 tokens (RFC 6749): mints one, keeps it for four fifths of its life, and mints once more when the issuer refuses it before its time. A refused token did
/// nothing, so the request may be sent again whatever its effect.
/// </summary>
/// <param name="http">The issuer's HTTP.</param>
/// <param name="mint">Makes the request for a token.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessTokens(IssuerHttp http, Func<HttpRequestMessage> mint, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? token;
    private DateTimeOffset until;

    /// <summary>Sends a request with a token, and once more with a fresh one if it is refused.</summary>
    /// <param name="request">Makes the request; called again for the second try.</param>
    /// <param name="effect">What it does there.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<IssuerAnswer> SendAsync(Func<HttpRequestMessage> request, Effect effect, CancellationToken ct)
    {
        string used = await TokenAsync(refused: null, ct).ConfigureAwait(false);
        IssuerAnswer answer = await SendAsync(request, used, effect, ct).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.Unauthorized
            ? await SendAsync(request, await TokenAsync(refused: used, ct).ConfigureAwait(false), effect, ct).ConfigureAwait(false)
            : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<IssuerAnswer> SendAsync(Func<HttpRequestMessage> request, string bearer, Effect effect, CancellationToken ct)
    {
        using HttpRequestMessage message = request();
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await http.SendAsync(message, effect, ct).ConfigureAwait(false);
    }

    private async Task<string> TokenAsync(string? refused, CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (token is { } kept && kept != refused && time.GetUtcNow() < until)
            {
                return kept;
            }

            using HttpRequestMessage message = mint();
            IssuerAnswer answer = await http.SendAsync(message, Effect.Repeatable, ct).ConfigureAwait(false);
            if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && refused is not null)
            {
                throw new IssuerException(FaultKind.Unauthorized, "issuer-token-expired",
                    $"{http.Who} ended the token and gives no new one (HTTP {(int)answer.Status}): check the credentials that the issuer refers to.");
            }

            if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            {
                // RFC 6749 section 5.2 answers 400 or 401 for credentials that are refused.
                throw new IssuerException(FaultKind.Unauthorized, "issuer-token-refused",
                    $"{http.Who} refuses the credentials for a token (HTTP {(int)answer.Status}): check the secrets that the issuer refers to.");
            }

            if (!answer.Succeeded)
            {
                throw http.Fault(answer, Effect.Repeatable);
            }

            token = answer.Json?.Text("access_token") ?? throw http.Unreadable(Effect.Repeatable);
            double seconds = answer.Find("expires_in") is { ValueKind: JsonValueKind.Number } life ? life.GetDouble() : 180;
            until = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400) * 0.8);
            return token;
        }
        finally
        {
            gate.Release();
        }
    }
}
