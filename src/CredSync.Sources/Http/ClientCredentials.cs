using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CredSync.Sources.Http;

/// <summary>
/// OAuth 2 client credentials (RFC 6749 section 4.4): mints a token, keeps it for four fifths of its life, and mints once more when the platform refuses it
/// before its time. The kept token only saves calls.
/// </summary>
/// <param name="http">The source's HTTP.</param>
/// <param name="scheme">What the platform wants before the token: <c>Bearer</c> or <c>JWT</c>; where a token comes that is said to be a bearer token all the same, <c>Bearer</c>.</param>
/// <param name="mint">Makes the request for a token.</param>
/// <param name="time">The clock.</param>
internal sealed class ClientCredentials(SourceHttp http, string scheme, Func<HttpRequestMessage> mint, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private AuthenticationHeaderValue? token;
    private DateTimeOffset until;

    /// <summary>Sends a request with a token, and once more with a fresh one if it is refused.</summary>
    /// <param name="request">Makes the request; called again for the second try.</param>
    /// <param name="ct">Cancels the calls.</param>
    /// <returns>The answer, whatever its status; 401 only if a fresh token was refused too.</returns>
    /// <exception cref="SourceException">No answer, or no token.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        AuthenticationHeaderValue used = await TokenAsync(refused: null, ct).ConfigureAwait(false);
        HttpResponseMessage answer = await SendAsync(request, used, ct).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        answer.Dispose();
        return await SendAsync(request, await TokenAsync(refused: used, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, AuthenticationHeaderValue own, CancellationToken ct)
    {
        using HttpRequestMessage message = request();
        message.Headers.Authorization = own;
        message.Headers.Accept.ParseAdd("application/json");
        return await http.SendAsync(message, ct).ConfigureAwait(false);
    }

    /// <summary>The kept token, or a new one when there is none, it is nearly over, or it is the one that was refused.</summary>
    private async Task<AuthenticationHeaderValue> TokenAsync(AuthenticationHeaderValue? refused, CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (token is { } kept && !kept.Equals(refused) && time.GetUtcNow() < until)
            {
                return kept;
            }

            using HttpRequestMessage message = mint();
            message.Headers.Accept.ParseAdd("application/json");
            using HttpResponseMessage answer = await http.SendAsync(message, ct).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                // RFC 6749 section 5.2 answers 400 or 401 for a client that is refused.
                throw new SourceException(FaultKind.Unauthorized,
                    $"{http.Who} refuses the client id and secret (HTTP {(int)answer.StatusCode}): check both with the platform's administrator, then resume the source.");
            }

            if (!answer.IsSuccessStatusCode)
            {
                throw HttpFaults.Of(http.Who, answer, time);
            }

            using JsonDocument json = await JsonAnswer.ReadAsync(http.Who, answer, ct).ConfigureAwait(false);
            TokenAnswer minted = Read(json);

            // An Open edX that does not make JWTs answers with an opaque token, which it knows under another word (source-apis.md section 2.2).
            bool isOpaque = string.Equals(minted.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase);
            token = new AuthenticationHeaderValue(isOpaque ? "Bearer" : scheme, minted.AccessToken!);
            until = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(minted.ExpiresIn ?? 180, 0, 86_400) * 0.8);
            return token;
        }
        finally
        {
            gate.Release();
        }
    }

    private TokenAnswer Read(JsonDocument json)
    {
        try
        {
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.Deserialize<TokenAnswer>(Tolerant.Json) is { AccessToken.Length: > 0 } answer)
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // Falls through to the one sentence.
        }

        throw new SourceException(FaultKind.Broken, $"{http.Who} answered the request for a token without one: check the source's address.");
    }

    private sealed record TokenAnswer
    {
        [JsonPropertyName("access_token")]
        public string? AccessToken { get; init; }

        /// <summary>Seconds; one platform sends it as text. Absent: a few minutes, which every platform exceeds.</summary>
        [JsonPropertyName("expires_in")]
        public double? ExpiresIn { get; init; }

        /// <summary>What kind of token it is.</summary>
        [JsonPropertyName("token_type")]
        public string? TokenType { get; init; }
    }
}
