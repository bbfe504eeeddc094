using System.Globalization;
using System.Net;
using CredSync.Issuers;
using CredSync.Registration;

namespace CredSync.EndToEnd.Worker;

/// <summary>Settings of the press.</summary>
public sealed class PressOptions
{
    /// <summary>Where it listens.</summary>
    [Setting("address", "Where the press listens.", Required = true)]
    public Uri Address { get; set; } = new("http://127.0.0.1");
}

/// <summary>An issuer that mints a new credential with every request and does not always answer in time; it can be asked what it minted.</summary>
public sealed class Press(IssuerIdentity identity, PressOptions options, TimeProvider time) : ICredentialIssuer, ICredentialLookup
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private static readonly HttpClient Http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc />
    public IssuerCapabilities Capabilities { get; } = new();

    /// <inheritdoc />
    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        string person = Uri.EscapeDataString(request.Recipient.Email ?? ""), earned = Uri.EscapeDataString(request.Award.EarnedAt.ToString("O", CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using HttpResponseMessage answer = await Http.PostAsync(new Uri(options.Address, $"mint/{request.IssuanceId}?definition={request.Credential.Id}&person={person}&earned={earned}"), null, either.Token).ConfigureAwait(false);
            return Minted(request, await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(either.Token).ConfigureAwait(false));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            throw new IssuerException(FaultKind.Outage, "press-away", $"The press '{identity.Name}' cannot be reached; it is tried again.", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new IssuerException(FaultKind.InDoubt, "press-silent", $"The press '{identity.Name}' took the request and did not answer in time.", inner: e);
        }
    }

    /// <inheritdoc />
    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri(options.Address, $"minted/{request.IssuanceId}"), ct).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.NotFound ? null : Minted(request, await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(ct).ConfigureAwait(false));
        }
        catch (HttpRequestException e)
        {
            throw new IssuerException(FaultKind.Outage, "press-away", $"The press '{identity.Name}' cannot be reached; it is tried again.", inner: e);
        }
    }

    private static IssuedCredential Minted(IssuanceRequest request, string id) => new() { CredentialId = id, IssuedAt = request.IssuedAt };
}
