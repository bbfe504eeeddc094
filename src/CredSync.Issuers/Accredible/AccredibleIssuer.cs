using System.Net;
using System.Text.Json;
using CredSync.Issuers.Http;
using CredSync.Registration;

namespace CredSync.Issuers.Accredible;

/// <summary>
/// Creates credentials in groups of an Accredible account. Accredible does not guard against duplicates: the issuance's id is sent as the credential's own reference,
/// and what was minted is found by it.
/// </summary>
internal sealed class AccredibleIssuer(IssuerIdentity issuer, AccredibleOptions options, IHttpClientFactory clients, IssuerHttpSettings settings, TimeProvider time)
    : ICredentialIssuer, ICredentialLookup, ICredentialRevoker, ICheckable, ITemplateCheckable
{
    /// <summary>What Accredible can do.</summary>
    public static readonly IssuerCapabilities Manifest = new() { NeedsEmail = true, NeedsTemplate = true, Update = true };

    private static readonly HashSet<string> Sent = new(StringComparer.Ordinal) { "id", "group_id", "recipient", "name", "email", "issued_on", "expired_on", "approve", "meta_data", "evidence_items" };

    private readonly AccredibleClient client = new(issuer, options, clients, settings, time);

    /// <inheritdoc/>
    public IssuerCapabilities Capabilities => Manifest;

    /// <inheritdoc/>
    public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        AccredibleBody body = AccredibleMapping.Issue(client.Who, request, options);
        return Minting.OnceAsync(() => MintAsync(request, body, ct), () => FindAsync(request, ct));
    }

    /// <inheritdoc/>
    public async Task<IssuedCredential?> FindAsync(IssuanceRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuerAnswer answer = await client.SearchAsync(new Dictionary<string, object>
        {
            ["license_id"] = AccredibleMapping.Key(request),
            ["group.id"] = AccredibleMapping.GroupOf(RecipientFacts.Template(client.Who, request.Credential)),
        }, ct).ConfigureAwait(false);
        if (!answer.Succeeded)
        {
            throw client.Fault(answer, Effect.Repeatable);
        }

        // Only a list is a search's answer: anything else must not pass for "nothing found".
        return answer.Find("credentials") is { ValueKind: JsonValueKind.Array } found
            ? AccredibleMapping.Credential(found.EnumerateArray().Select(c => c.At("credential") ?? c).Where(c => AccredibleMapping.IsOurs(c, request)).Select(c => (JsonElement?)c).FirstOrDefault(), request)
            : throw client.Unreadable(Effect.Repeatable);
    }

    /// <inheritdoc/>
    public async Task RevokeAsync(RevocationRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        IssuerAnswer answer = options.RevokeBy switch
        {
            AccredibleRevocation.Delete => await client.DeleteAsync(request.CredentialId, ct).ConfigureAwait(false),
            AccredibleRevocation.Unpublish => await client.ChangeAsync(request.CredentialId, new Dictionary<string, object> { ["approve"] = false }, ct).ConfigureAwait(false),
            _ => await client.ChangeAsync(request.CredentialId, new Dictionary<string, object> { ["expired_on"] = AccredibleMapping.Date(request.RevokedAt) }, ct).ConfigureAwait(false),
        };
        // With the right key, what is not there was deleted before; with a wrong one the answer is 401.
        if (!answer.Succeeded && answer.Status is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            throw client.Fault(answer, Effect.Repeatable);
        }

        if (!answer.Succeeded && !(await ProbeAsync(ct).ConfigureAwait(false)).Succeeded)
        {
            throw client.Fault(answer, Effect.Repeatable);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            IssuerAnswer answer = await ProbeAsync(ct).ConfigureAwait(false);
            return
            [
                answer.Succeeded ? new("key", CheckOutcome.Passed, "Accredible takes the key, and its credentials can be searched.") : IssuerChecks.Unreachable("key", client.Fault(answer, Effect.Repeatable)),
                options.TokenExpires is null ? new("key expiry", CheckOutcome.Passed, "The configuration names no end of the key.") : IssuerChecks.TokenExpiry(options.TokenExpires, time),
                IssuerChecks.Clock(answer.Date, time),
            ];
        }
        catch (IssuerException fault)
        {
            return [IssuerChecks.Unreachable("key", fault)];
        }
    }

    /// <inheritdoc/>
    public async Task<CheckResult> CheckTemplateAsync(string template, CancellationToken ct)
    {
        string name = $"template {template}";
        try
        {
            return await StateOfAsync(template, ct).ConfigureAwait(false) is { } fault
                ? new(name, CheckOutcome.Failed, fault.Message, "Correct the template in the credential's file: it is the group's id at Accredible.")
                : new(name, CheckOutcome.Passed, "The group is there.");
        }
        catch (IssuerException fault)
        {
            return IssuerChecks.Failed(name, fault);
        }
    }

    private async Task<IssuedCredential> MintAsync(IssuanceRequest request, AccredibleBody body, CancellationToken ct)
    {
        IssuerAnswer answer = await client.IssueAsync(body, ct).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            return AccredibleMapping.Credential(answer.Find("credential"), request) ?? throw client.Unreadable(Effect.Mint);
        }

        if ((int)answer.Status is not (400 or 404 or 409 or 422))
        {
            throw client.Fault(answer, Effect.Mint);
        }

        return await FindAsync(request, ct).ConfigureAwait(false) ?? throw await RefusalAsync(answer, body, ct).ConfigureAwait(false);
    }

    private async Task<IssuerException> RefusalAsync(IssuerAnswer answer, AccredibleBody body, CancellationToken ct)
    {
        if (await StateOfAsync($"{body.Credential.Group}", ct).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        string[] refused = answer.Find("errors") is { ValueKind: JsonValueKind.Object } errors ? [.. errors.EnumerateObject().Select(e => e.Name).Where(Sent.Contains)] : [];
        return answer.Status == HttpStatusCode.NotFound ? client.Fault(answer, Effect.Mint) : new(FaultKind.Rejected, "issuer-refused", refused.Length > 0
            ? $"{client.Who} refuses the credential because of {string.Join(", ", refused)} (HTTP {(int)answer.Status}): correct it, then release the issuance."
            : $"{client.Who} refuses the credential (HTTP {(int)answer.Status}): look at the group's settings there.");
    }

    /// <summary>Why a group's credential cannot be made; null when it can.</summary>
    private async Task<IssuerException?> StateOfAsync(string group, CancellationToken ct)
    {
        IssuerAnswer answer = await client.GroupAsync(group, ct).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.NotFound
            ? new(FaultKind.Misconfigured, "issuer-template-unknown", $"{client.Who} has no group '{group}': correct 'template' beside the issuer in the credential's file.")
            : !answer.Succeeded ? throw client.Fault(answer, Effect.Repeatable)
            : answer.Find("group", "archived") is { ValueKind: JsonValueKind.True }
                ? new(FaultKind.Misconfigured, "issuer-template-archived", $"The group '{group}' of {client.Who} is archived: restore it there, or name another in the credential's file.")
                : null;
    }

    // A search that finds nothing changes nothing and needs the same right as a look-up.
    private Task<IssuerAnswer> ProbeAsync(CancellationToken ct) => client.SearchAsync(new Dictionary<string, object> { ["license_id"] = "credsync-check" }, ct);
}
