using CredSync;
using CredSync.Issuers;
using CredSync.Registration;

namespace Acme;

/// <summary>Awards badges at Acme. The service keeps our key with each, so what was minted is found by it, and nothing is minted twice.</summary>
public sealed class AcmeIssuer(IssuerIdentity issuer, AcmeOptions options, IHttpClientFactory clients) : ICredentialIssuer, ICredentialLookup, ICredentialRevoker, ICheckable
{
    /// <summary>What every issuer of this adapter can do; lint reads it before any is made.</summary>
    public static readonly IssuerCapabilities Can = new() { NeedsEmail = true, Expiry = false, Evidence = false };

    private readonly AcmeClient client = new(issuer, options, clients);

    /// <inheritdoc />
    public IssuerCapabilities Capabilities => Can;

    /// <inheritdoc />
    public async Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        string email = request.Recipient.Email
            ?? throw new IssuerException(FaultKind.Rejected, "recipient-email-missing", $"Issuer '{issuer.Name}' awards to e-mail addresses, and none is known of this person.");
        AcmeBadge? minted = await client.AwardAsync(new AcmeAward(request.IssuanceId, email, request.Credential.Name, request.Award.EarnedAt), ct);
        return minted is not null ? Issued(minted, request)
            : await FindAsync(request, ct)
            ?? throw new IssuerException(FaultKind.InDoubt, "issuer-duplicate", $"Issuer '{issuer.Name}' says that there is a badge with this key, and does not find it.");
    }

    /// <inheritdoc />
    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct) =>
        await client.FindAsync(request.IssuanceId, ct) is { } found ? Issued(found, request) : null;

    /// <inheritdoc />
    public Task RevokeAsync(RevocationRequest request, CancellationToken ct) => client.RevokeAsync(request.CredentialId, ct);

    /// <inheritdoc />
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            AcmeAccount account = await client.GetAccountAsync(ct);
            return
            [
                new("token", CheckOutcome.Passed, "The service accepts the token."),
                account.Rights.Contains("award")
                    ? new("right to award", CheckOutcome.Passed, "The token may award badges.")
                    : new("right to award", CheckOutcome.Failed, "The token may not award badges.", "Give it the right 'award'."),
            ];
        }
        catch (IssuerException fault)
        {
            return [new("token", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again.")];
        }
    }

    private static IssuedCredential Issued(AcmeBadge badge, IssuanceRequest request) => new()
    {
        CredentialId = badge.Id,
        IssuedAt = request.IssuedAt,
        PublicUrl = badge.Url,
    };
}
