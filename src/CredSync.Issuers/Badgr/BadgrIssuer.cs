using System.Net;
using System.Text.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Badgr;

/// <summary>
/// Awards badge classes over the Badgr API v2. The server refuses a second award when told so; what was minted is found among the template's awards by
/// recipient and earned date.
/// </summary>
internal sealed class BadgrIssuer(IssuerIdentity issuer, BadgrOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    : ICredentialIssuer, ICredentialLookup, ICredentialRevoker, ICheckable, ITemplateCheckable, IDisposable
{
    /// <summary>What Badgr can do; whether it guards against duplicates is configured.</summary>
    public static readonly IssuerCapabilities Manifest = new() { NeedsEmail = true, NeedsTemplate = true, DuplicateGuard = true };

    private readonly BadgrClient client = new(issuer, options, clients, settings, time);

    /// <inheritdoc/>
    public IssuerCapabilities Capabilities { get; } = Manifest with { DuplicateGuard = !options.AllowDuplicates };

    /// <inheritdoc/>
    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        string template = RecipientFacts.Template(client.Who, request.Credential);
        BadgrAssertion body = BadgrMapping.Issue(client.Who, request, options);
        return Minting.OnceAsync(() => MintAsync(template, request, body, ct), () => FindAsync(request, ct));
    }

    /// <inheritdoc/>
    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        string template = RecipientFacts.Template(client.Who, request.Credential);
        return BadgrMapping.Assertion(await client.FirstAsync(template, assertion => BadgrMapping.IsOurs(assertion, request), ct).ConfigureAwait(false), request);
    }

    /// <inheritdoc/>
    public async Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuerAnswer answer = await client.RevokeAsync(request.CredentialId, new BadgrRevocation(request.Reason), ct).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return;
        }

        // The server answers 400 for what is revoked already.
        IssuerAnswer now = (int)answer.Status is 400 or 404 or 409 or 410 ? await client.AssertionAsync(request.CredentialId, ct).ConfigureAwait(false) : answer;
        if (!now.Succeeded || now.Json?.Items("result").FirstOrDefault().At("revoked") is not { ValueKind: JsonValueKind.True })
        {
            throw client.Fault(answer, Effect.Repeatable);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            IssuerAnswer answer = await client.IssuersAsync(ct).ConfigureAwait(false);
            bool staff = answer.Json?.Items("result").Any() == true;
            return
            [
                answer.Succeeded ? new("token", CheckOutcome.Passed, "The server gives a token and takes it.") : IssuerChecks.Unreachable("token", client.Fault(answer, Effect.Repeatable)),
                staff || !answer.Succeeded
                    ? new("right to issue", answer.Succeeded ? CheckOutcome.Passed : CheckOutcome.NotChecked, answer.Succeeded ? "The account is staff of an issuer." : "Without a token it cannot be told.")
                    : new("right to issue", CheckOutcome.Failed, "The account is staff of no issuer there.", "Add it to the issuer as staff, with the right to award."),
                IssuerChecks.Clock(answer.Date, time),
                .. options.TokenExpires is null ? (CheckResult[])[] : [IssuerChecks.TokenExpiry(options.TokenExpires, time, "password")],
            ];
        }
        catch (IssuerException fault)
        {
            return [IssuerChecks.Unreachable("token", fault)];
        }
    }

    /// <inheritdoc/>
    public async Task<CheckResult> CheckTemplateAsync(string template, CancellationToken ct)
    {
        string name = $"template {template}";
        try
        {
            return await StateOfAsync(template, ct).ConfigureAwait(false) is { } fault
                ? new(name, CheckOutcome.Failed, fault.Message, "Correct the template in the credential's file: it is the badge class's entityId.")
                : new(name, CheckOutcome.Passed, "The badge class is there.");
        }
        catch (IssuerException fault)
        {
            return IssuerChecks.Failed(name, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<IssuedCredential> MintAsync(string template, IssuanceRequest request, BadgrAssertion body, CancellationToken ct)
    {
        IssuerAnswer answer = await client.IssueAsync(template, body, ct).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return BadgrMapping.Assertion(answer.Json?.Items("result").Select(r => (JsonElement?)r).FirstOrDefault(), request) ?? throw client.Unreadable(Effect.Mint);
        }

        if ((int)answer.Status is not (400 or 404 or 409 or 422))
        {
            throw client.Fault(answer, Effect.Mint);
        }

        if (await StateOfAsync(template, ct).ConfigureAwait(false) is { } wrong)
        {
            throw wrong;
        }

        return await FindAsync(request, ct).ConfigureAwait(false) ?? throw await RefusalAsync(template, answer, request, ct).ConfigureAwait(false);
    }

    private async Task<IssuerException> RefusalAsync(string template, IssuerAnswer answer, IssuanceRequest request, CancellationToken ct)
    {
        bool another = await client.FirstAsync(template, a => BadgrMapping.IsTheirs(a, request) && a.At("revoked") is not { ValueKind: JsonValueKind.True }, ct).ConfigureAwait(false) is not null;
        return another
            ? new(FaultKind.Rejected, "issuer-duplicate", $"{client.Who} refuses a second award of this badge to the same person, and the first is not this issuance: set allow_duplicates if it may be earned again, or take the first back.")
            : new(FaultKind.Rejected, "issuer-refused", $"{client.Who} refuses the award (HTTP {(int)answer.Status}): look at the badge class's settings there.");
    }

    /// <summary>Why a template cannot be awarded; null when it can.</summary>
    private async Task<IssuerException?> StateOfAsync(string template, CancellationToken ct)
    {
        IssuerAnswer answer = await client.TemplateAsync(template, ct).ConfigureAwait(false);
        return answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone
            ? new(FaultKind.Misconfigured, "issuer-template-unknown", $"{client.Who} has no badge class '{template}': correct 'template' beside the issuer in the credential's file.")
            : !answer.Succeeded ? throw client.Fault(answer, Effect.Repeatable)
            : answer.Json?.Items("result").FirstOrDefault() is { ValueKind: JsonValueKind.Object } badge && badge.At("archived") is { ValueKind: JsonValueKind.True }
                ? new(FaultKind.Misconfigured, "issuer-template-archived", $"The badge class '{template}' of {client.Who} is archived: restore it there, or name another in the credential's file.")
                : null;
    }
}
