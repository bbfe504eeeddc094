using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Issuers;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>One way in which an issuer can be broken.</summary>
public enum IssuerDefect
{
    None,
    AnswersWithAnUnusableAddress,
    FindsUnderAnotherId,
    TakesTwoPeopleForOne,
    SendsTheTimeOfProcessing,
    FindsAnything,
    DuplicatesAreFailures,
    RevokesOnlyOnce,
    InventsAnAddress,
    GuessesATemplate,
    RepeatsSilentMints,
    TellsSilenceAsAnOutage,
    FailedLookupIsEmpty,
    IgnoresCancellation,
    RefusedTokenAsOutage,
    MissingRightsAsOutage,
    UnreachableIsInDoubt,
    TakesAPageForACredential,
    ForgetsTheDelay,
    CheckThrows,
    PersonInTheAddress,
    QuotesBodies,
}

/// <summary>An issuer without a look-up, which cannot repeat safely either.</summary>
internal sealed class BlindIssuer(KitIssuer inner) : ICredentialIssuer, ICredentialRevoker, ICheckable
{
    public IssuerCapabilities Capabilities => inner.Capabilities;

    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct) => inner.IssueAsync(request, ct);

    public Task RevokeAsync(RevocationRequest request, CancellationToken ct) => inner.RevokeAsync(request, ct);

    public Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct) => inner.CheckAsync(ct);
}

/// <summary>A plain issuer that holds every case, but for the one defect that it is given.</summary>
internal sealed class KitIssuer(HttpMessageHandler platform, IssuerDefect defect) : ICredentialIssuer, ICredentialLookup, ICredentialRevoker, ICheckable
{
    private IssuedCredential? remembered;

    public IssuerCapabilities Capabilities { get; } = new() { NeedsEmail = true, NeedsTemplate = true, DuplicateGuard = true };

    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        string? email = request.Recipient.Email ?? (defect == IssuerDefect.InventsAnAddress ? "nobody@example.org" : null);
        string? template = request.Credential.Template ?? (defect == IssuerDefect.GuessesATemplate ? "default" : null);
        if (email is null)
        {
            throw new IssuerException(FaultKind.Rejected, "email-missing", "No address is known.");
        }

        if (template is null)
        {
            throw new IssuerException(FaultKind.Misconfigured, "template-missing", "The definition names no template.");
        }

        if (defect == IssuerDefect.TakesTwoPeopleForOne && remembered is not null)
        {
            return remembered;
        }

        JsonObject body = new()
        {
            ["key"] = Key(request),
            ["email"] = email,
            ["earned"] = (defect == IssuerDefect.SendsTheTimeOfProcessing ? request.IssuedAt : request.Award.EarnedAt).ToString("O", CultureInfo.InvariantCulture),
        };
        string address = defect == IssuerDefect.PersonInTheAddress ? $"mint?for={Uri.EscapeDataString(email)}" : "mint";
        try
        {
            (HttpStatusCode status, JsonElement answer) = await SendAsync(HttpMethod.Post, address, body, mints: true, ct);
            if (status == HttpStatusCode.Conflict && defect != IssuerDefect.DuplicatesAreFailures)
            {
                return await LookUpAsync(request, ct) ?? throw new IssuerException(FaultKind.Rejected, "duplicate", "Another credential is in the way.");
            }

            return status == HttpStatusCode.Created
                ? Issued(answer, request)
                : throw new IssuerException(FaultKind.Rejected, "refused", "The issuer refuses.");
        }
        catch (IssuerException silent) when (silent.Kind == FaultKind.InDoubt && defect == IssuerDefect.RepeatsSilentMints)
        {
            body["key"] = Key(request) + "-again";
            (_, JsonElement answer) = await SendAsync(HttpMethod.Post, address, body, mints: true, ct);
            return Issued(answer, request);
        }
        catch (OperationCanceledException) when (defect == IssuerDefect.IgnoresCancellation)
        {
            return new IssuedCredential { CredentialId = "kit-0", IssuedAt = request.IssuedAt };
        }
    }

    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct) =>
        await LookUpAsync(request, ct) is { } found
            ? found with { CredentialId = defect == IssuerDefect.FindsUnderAnotherId ? "found-" + found.CredentialId : found.CredentialId }
            : null;

    private async Task<IssuedCredential?> LookUpAsync(IssuanceRequest request, CancellationToken ct)
    {
        try
        {
            (_, JsonElement answer) = await SendAsync(HttpMethod.Get, $"find?key={Uri.EscapeDataString(Key(request))}", null, mints: false, ct);
            JsonElement? found = answer.TryGetProperty("items", out JsonElement items) ? items.EnumerateArray().Select(i => (JsonElement?)i).FirstOrDefault() : null;
            return found is { } one ? Issued(one, request)
                : defect == IssuerDefect.FindsAnything ? new IssuedCredential { CredentialId = "kit-1", IssuedAt = request.IssuedAt }
                : null;
        }
        catch (IssuerException) when (defect == IssuerDefect.FailedLookupIsEmpty)
        {
            return null;
        }
    }

    public async Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        (HttpStatusCode status, _) = await SendAsync(HttpMethod.Post, $"revoke/{request.CredentialId}", [], mints: false, ct);
        if (status == HttpStatusCode.Conflict && defect == IssuerDefect.RevokesOnlyOnce)
        {
            throw new IssuerException(FaultKind.Rejected, "revoked", "It is revoked already.");
        }
    }

    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            await SendAsync(HttpMethod.Get, "find?key=none", null, mints: false, ct);
            return [new("token", CheckOutcome.Passed, "Accepted.")];
        }
        catch (IssuerException fault) when (defect != IssuerDefect.CheckThrows)
        {
            return [new("token", CheckOutcome.Failed, fault.Message, "Renew it.")];
        }
    }

    private static string Key(IssuanceRequest request) => request.IssuanceId.ToString("D");

    private IssuedCredential Issued(JsonElement answer, IssuanceRequest request) => remembered = new()
    {
        CredentialId = answer.GetProperty("id").GetString()!,
        IssuedAt = request.IssuedAt,
        PublicUrl = defect == IssuerDefect.AnswersWithAnUnusableAddress ? "see your mail" : null,
    };

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, JsonObject? body, bool mints, CancellationToken ct)
    {
        using HttpClient client = new(platform, disposeHandler: false);
        using HttpRequestMessage request = new(method, $"https://kit.example.org/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", KitIssuerPlatform.Token);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(request, ct);
        }
        catch (HttpRequestException fault)
        {
            bool left = fault.HttpRequestError != HttpRequestError.ConnectionError || defect == IssuerDefect.UnreachableIsInDoubt;
            throw new IssuerException(mints && left && defect != IssuerDefect.TellsSilenceAsAnOutage ? FaultKind.InDoubt : FaultKind.Outage, "silent", "The issuer went silent.");
        }

        using (answer)
        {
            string text = await answer.Content.ReadAsStringAsync(ct);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Created => (answer.StatusCode, Parse(text, mints)),
                HttpStatusCode.Conflict => (answer.StatusCode, default),
                HttpStatusCode.Unauthorized => throw new IssuerException(defect == IssuerDefect.RefusedTokenAsOutage ? FaultKind.Outage : FaultKind.Unauthorized, "token", "The token is refused."),
                HttpStatusCode.Forbidden => throw new IssuerException(defect == IssuerDefect.MissingRightsAsOutage ? FaultKind.Outage : FaultKind.Misconfigured, "rights", "Rights are missing."),
                HttpStatusCode.TooManyRequests => throw new IssuerException(FaultKind.RateLimited, "busy", "Too many calls.", defect == IssuerDefect.ForgetsTheDelay ? null : answer.Headers.RetryAfter?.Delta),
                >= HttpStatusCode.InternalServerError => throw new IssuerException(mints ? FaultKind.InDoubt : FaultKind.Outage, "unwell", "The issuer is unwell."),
                _ => throw new IssuerException(FaultKind.Rejected, "refused", defect == IssuerDefect.QuotesBodies ? "Refused: " + text : "Refused."),
            };
        }
    }

    private JsonElement Parse(string text, bool mints)
    {
        if (text.StartsWith('<') && defect == IssuerDefect.TakesAPageForACredential)
        {
            using JsonDocument made = JsonDocument.Parse("""{"id":"kit-0"}""");
            return made.RootElement.Clone();
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return mints && !json.RootElement.TryGetProperty("id", out _) ? throw new JsonException() : json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new IssuerException(mints ? FaultKind.InDoubt : FaultKind.Broken, "unreadable", "Not the issuer's shape.");
        }
    }
}
