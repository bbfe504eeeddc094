using System.Text;
using CredSync.Host.Issue;
using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>
/// Takes credentials from elsewhere that a learner's wallet hands in. Only what verifies and names the learner by an address that is known here is kept: else anybody
/// could store anything under anybody's name.
/// </summary>
internal sealed class WalletUploads(WalletLedger wallets, IIssuerStore store, ICredentialVerifier? verifier, TimeProvider time) : IDisposable
{
    /// <summary>How many are kept for a person.</summary>
    public const int Most = 500;

    private const int Largest = 256 * 1024;
    private static readonly string[] Documents = ["application/vc+ld+json", "application/ld+json", "application/json", "application/vc"];

    // Verifying fetches from addresses that strangers name: never for many at once.
    private readonly SemaphoreSlim gate = new(4);

    public async Task<PublicAnswer> TakeAsync(WalletCall call, WalletGrant grant, WalletPerson person, CancellationToken ct)
    {
        bool token = call.BodyType == HandedIn.TokenType;
        if (!token && !Documents.Contains(call.BodyType))
        {
            return WalletAnswers.Problem(400, "invalid_data", "Content-Type is application/vc+ld+json or application/json for a credential with a proof inside, text/plain for a compact JWS.");
        }

        string content = call.Text.Trim();
        if (call.Request.Body.Length > Largest || HandedIn.Read(token ? HandedIn.PayloadOf(content) ?? "" : content) is not { } credential)
        {
            return WalletAnswers.Problem(400, "invalid_data", "The body is not a credential with id, issuer and validFrom of at most 256 KiB.");
        }

        if (await store.CredentialAsync(call.Issuer, credential.Id, ct).ConfigureAwait(false) is { } own)
        {
            // What was minted here is here already, and only its issuer can change it.
            return own.Credential.Documents.Any(d => HandedIn.Same(Encoding.UTF8.GetString(d.Content.Span).Trim(), content))
                ? Echo(call, 200)
                : WalletAnswers.Problem(400, "invalid_data", "A credential of this issuer cannot be replaced from outside.");
        }

        if (person.Emails.Count == 0)
        {
            return WalletAnswers.Problem(400, "invalid_data", "No e-mail address of the learner is known here, so nothing can show that the credential is theirs.");
        }

        return await RefusalAsync(content, person, ct).ConfigureAwait(false) is { } refusal
            ? WalletAnswers.Problem(400, "invalid_data", refusal)
            : await StoreAsync(call, grant, credential, content, token, ct).ConfigureAwait(false);
    }

    public void Dispose() => gate.Dispose();

    private async Task<PublicAnswer> StoreAsync(WalletCall call, WalletGrant grant, HandedIn credential, string content, bool token, CancellationToken ct)
    {
        var collected = new CollectedCredential
        {
            IssuerId = credential.IssuerId, CredentialId = credential.Id, MediaType = token ? HandedIn.TokenType : "application/vc+ld+json", Content = content, ValidFrom = credential.ValidFrom, StoredAt = time.GetUtcNow(),
        };
        return await wallets.CollectAsync(grant.Subject, collected, Most, ct).ConfigureAwait(false) switch
        {
            Collecting.Created => Echo(call, 201),
            Collecting.Replaced => Echo(call, 200),
            Collecting.Outdated => WalletAnswers.Problem(400, "invalid_data", "A later version of this credential is here."),
            _ => WalletAnswers.Problem(403, "forbidden", $"No more than {Most} credentials of one learner are kept."),
        };
    }

    private async Task<string?> RefusalAsync(string content, WalletPerson person, CancellationToken ct)
    {
        if (verifier is null)
        {
            return "Nothing here can verify credentials from elsewhere.";
        }

        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            IReadOnlyList<CheckResult> checks = (await verifier.VerifyAsync(Encoding.UTF8.GetBytes(content), new VerificationScope { Online = true, Recipients = person.Emails }, ct).ConfigureAwait(false)).Checks;
            return checks.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed) is { } failed ? $"The credential does not verify ({failed.Name}). {failed.Sentence}"
                : checks.FirstOrDefault(c => c.Name is "proof" or "key" or "recipient" && c.Outcome != CheckOutcome.Passed) is { } open ? $"The credential could not be verified ({open.Name}). {open.Sentence}"
                : null;
        }
        finally
        {
            gate.Release();
        }
    }

    private static PublicAnswer Echo(WalletCall call, int status) => new() { Status = status, MediaType = call.BodyType, Content = call.Request.Body };
}
