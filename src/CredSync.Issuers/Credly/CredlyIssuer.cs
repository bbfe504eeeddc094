using System.Globalization;
using System.Net;
using System.Text.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Credly;

/// <summary>
/// Awards badges of a Credly organization. Credly has no idempotency key; the person's own id, the template and the earned date stand in for one: they are sent,
/// Credly refuses a second badge of the kind, and what was minted is found by them.
/// </summary>
internal sealed class CredlyIssuer(IssuerIdentity issuer, CredlyOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    : ICredentialIssuer, ICredentialLookup, ICredentialLister, ICredentialRevoker, ICheckable, ITemplateCheckable
{
    /// <summary>What Credly can do.</summary>
    public static readonly IssuerCapabilities Manifest = new() { NeedsEmail = true, NeedsTemplate = true, DuplicateGuard = true, Evidence = false };

    private readonly CredlyClient client = new(issuer, options, clients, settings, time);

    /// <inheritdoc/>
    public IssuerCapabilities Capabilities => Manifest;

    /// <inheritdoc/>
    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        CredlyIssue body = CredlyMapping.Issue(client.Who, request, options);
        return Minting.OnceAsync(() => MintAsync(request, body, ct), () => FindAsync(request, ct));
    }

    /// <inheritdoc/>
    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<JsonElement> badges = await client.BadgesOfAsync(CredlyMapping.EarnerId(request), ct).ConfigureAwait(false);
        return badges.Where(badge => CredlyMapping.IsOurs(badge, request)).Select(badge => CredlyMapping.Badge(badge, request, options)).FirstOrDefault(badge => badge is not null);
    }

    /// <inheritdoc/>
    public async Task<CredentialPage> ListAsync(string? after, CancellationToken ct)
    {
        int page = after is null ? 1 : int.Parse(after, CultureInfo.InvariantCulture);
        (IReadOnlyList<JsonElement> badges, bool more) = await client.BadgesAsync(page, ct).ConfigureAwait(false);
        return new() { Credentials = [.. badges.Select(b => CredlyMapping.Listed(b, options)).OfType<ListedCredential>()], Next = more ? (page + 1).ToString(CultureInfo.InvariantCulture) : null };
    }

    /// <inheritdoc/>
    public async Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        CredlyRevoke body = new() { Reason = request.Reason, SuppressMail = !options.Notify };
        IssuerAnswer answer = await client.RevokeAsync(request.CredentialId, body, ct).ConfigureAwait(false);
        // A badge that is revoked already, or that was removed altogether, is as it should be.
        if (answer.Succeeded || ((int)answer.Status is 404 or 409 or 422 && await IsGoneAsync(request.CredentialId, ct).ConfigureAwait(false)))
        {
            return;
        }

        throw client.Fault(answer, Effect.Repeatable);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        try
        {
            IssuerAnswer organization = await client.OrganizationAsync(ct).ConfigureAwait(false);
            results.Add(organization.Succeeded
                ? new("token", CheckOutcome.Passed, "Credly takes the token and knows the organization.")
                : IssuerChecks.Unreachable("token", client.Fault(organization, Effect.Repeatable)));
            results.Add(IssuerChecks.TokenExpiry(options.TokenExpires, time));
            results.Add(IssuerChecks.Clock(organization.Date, time));
            IssuerAnswer templates = await client.TemplatesAsync(ct).ConfigureAwait(false);
            results.Add(templates.Succeeded
                ? new("right to read", CheckOutcome.Passed, "Its templates can be read.")
                : IssuerChecks.Failed("right to read", client.Fault(templates, Effect.Repeatable)));
            results.Add(new("right to write", CheckOutcome.NotChecked, "Whether the token may issue shows only by issuing; Credly lists a token's rights beside it."));
        }
        catch (IssuerException fault)
        {
            results.Add(results.Count == 0 ? IssuerChecks.Unreachable("token", fault) : IssuerChecks.Failed("right to read", fault));
        }

        return results;
    }

    /// <inheritdoc/>
    public async Task<CheckResult> CheckTemplateAsync(string template, CancellationToken ct)
    {
        string name = $"template {template}";
        try
        {
            return await StateOfAsync(template, ct).ConfigureAwait(false) is { } fault
                ? new(name, CheckOutcome.Failed, fault.Message, "Correct the template in the credential's file, or activate it at Credly.")
                : new(name, CheckOutcome.Passed, "The template is active.");
        }
        catch (IssuerException fault)
        {
            return IssuerChecks.Failed(name, fault);
        }
    }

    private async Task<IssuedCredential> MintAsync(IssuanceRequest request, CredlyIssue body, CancellationToken ct)
    {
        IssuerAnswer answer = await client.IssueAsync(body, ct).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return CredlyMapping.Badge(answer.Find("data"), request, options) ?? throw client.Unreadable(Effect.Mint);
        }

        // A refusal says too little in its status: it may be our own badge from before, an archived template, or a field.
        return (int)answer.Status is 400 or 404 or 409 or 422
            ? await FindAsync(request, ct).ConfigureAwait(false) ?? throw await RefusalAsync(answer, body, ct).ConfigureAwait(false)
            : throw client.Fault(answer, Effect.Mint);
    }

    private async Task<IssuerException> RefusalAsync(IssuerAnswer answer, CredlyIssue body, CancellationToken ct)
    {
        if (await StateOfAsync(body.Template, ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        if (answer.Status == HttpStatusCode.NotFound)
        {
            return client.Fault(answer, Effect.Mint);
        }

        IReadOnlyList<JsonElement> badges = await client.BadgesOfAsync(body.EarnerId, ct).ConfigureAwait(false);
        bool another = answer.Status == HttpStatusCode.Conflict
            || badges.Any(badge => string.Equals(badge.Text("badge_template", "id"), body.Template, StringComparison.OrdinalIgnoreCase) && badge.Text("state") != "revoked");
        string[] refused = [.. (answer.Json?.Items("data", "errors") ?? []).Select(error => error.Text("attribute")).OfType<string>().Where(CredlyFields.Contains).Distinct(StringComparer.Ordinal)];
        return another
            ? new(FaultKind.Rejected, "issuer-duplicate", $"{client.Who} refuses a second badge of this template for the same person, and the first is not this issuance: allow duplicates in the template if it may be earned again, or take the first back.")
            : new(FaultKind.Rejected, "issuer-refused", refused.Length > 0
                ? $"{client.Who} refuses the badge because of {string.Join(", ", refused)} (HTTP {(int)answer.Status}): correct it, then release the issuance."
                : $"{client.Who} refuses the badge (HTTP {(int)answer.Status}): look at the template's settings there, and whether this person has one already that was issued by hand.");
    }

    /// <summary>Why a template cannot be awarded; null when it can.</summary>
    private async Task<IssuerException?> StateOfAsync(string template, CancellationToken ct)
    {
        IssuerAnswer answer = await client.TemplateAsync(template, ct).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.NotFound
            ? new(FaultKind.Misconfigured, "issuer-template-unknown", $"{client.Who} has no template '{template}': correct 'template' beside the issuer in the credential's file.")
            : !answer.Succeeded ? throw client.Fault(answer, Effect.Repeatable)
            : answer.Find("data")?.Text("state") switch
            {
                "archived" => new(FaultKind.Misconfigured, "issuer-template-archived", $"The template '{template}' of {client.Who} is archived: activate it there, or name another in the credential's file."),
                "draft" => new(FaultKind.Misconfigured, "issuer-template-draft", $"The template '{template}' of {client.Who} is a draft: publish it there."),
                _ => null,
            };
    }

    private async Task<bool> IsGoneAsync(string badge, CancellationToken ct)
    {
        IssuerAnswer answer = await client.BadgeAsync(badge, ct).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.NotFound)
        {
            return answer.Succeeded && answer.Find("data")?.Text("state") == "revoked";
        }

        // With a wrong organization or address everything is unknown: that must not pass for a badge that was removed.
        return (await client.OrganizationAsync(ct).ConfigureAwait(false)).Succeeded;
    }
}
