using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Verification;

/// <summary>
/// Verifies Open Badges 3.0, endorsements, learner records (CLR 2.0) and status lists, as JSON, VC-JWT, PNG or SVG (Open Badges 3.0 section 9).
/// Every check is made that can be made, whatever the others say. Safe for use by several threads.
/// </summary>
/// <param name="clock">Says what time it is.</param>
/// <param name="options">What the verifier knows and may do; null for an offline verifier that knows nobody.</param>
public sealed class CredentialVerifier(TimeProvider clock, VerifierOptions? options = null)
{
    private const int DeepestCarried = 4;

    private readonly VerifierOptions options = options ?? new();

    /// <summary>Verifies a document.</summary>
    /// <param name="document">Its bytes.</param>
    /// <param name="ct">Cancels the verification.</param>
    /// <returns>Every check with its result. A document that is no credential is a result, not an exception.</returns>
    public async Task<VerificationReport> VerifyAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        (ReadCredential? read, string sentence) = ReadCredential.From(document);
        return read is null ? Unreadable(sentence) : await VerifyAsync(read, sentence, new(options, clock), 0, ct).ConfigureAwait(false);
    }

    private static VerificationReport Unreadable(string sentence) => new()
    {
        Checks =
        [
            new(CheckNames.Container, VerificationOutcome.Failed, sentence),
            .. ((string[])[
                CheckNames.Context, CheckNames.Types, CheckNames.Schema, CheckNames.Subject, CheckNames.Proof,
                CheckNames.Key, CheckNames.Dates, CheckNames.Status, CheckNames.Embedded]).Select(static name =>
                new VerificationCheck(name, VerificationOutcome.NotChecked, "There is no credential to look at.")),
        ],
    };

    private async Task<VerificationReport> VerifyAsync(ReadCredential read, string container, VerificationSession session, int depth, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        JsonObject credential = read.Credential;
        IReadOnlyList<Finding> findings = CredentialValidator.Validate(JsonSerializer.SerializeToElement(credential));
        (VerificationCheck proof, VerificationCheck key) = await ProofCheckStep.CheckAsync(read, session, ct).ConfigureAwait(false);
        (VerificationCheck embedded, IReadOnlyList<EmbeddedReport> reports) = await EmbeddedAsync(credential, session, depth, ct).ConfigureAwait(false);
        var checks = new List<VerificationCheck>
        {
            new(CheckNames.Container, VerificationOutcome.Passed, container),
            Group(CheckNames.Context, findings, "The contexts are those of its class, in order.", static r => r == FindingRule.Context),
            Group(CheckNames.Types, findings, "The types are those of its class.", static r => r == FindingRule.Type),
            Group(CheckNames.Schema, findings, SchemaSentence(credential), static r => r is not (FindingRule.Context or FindingRule.Type or FindingRule.Subject)),
            Group(CheckNames.Subject, findings, "It says whom it is about.", static r => r == FindingRule.Subject),
            proof,
            key,
            DateCheck.Check(credential, session),
            await StatusCheck.CheckAsync(credential, session, (list, token) => VerifyListAsync(list, session, token), ct).ConfigureAwait(false),
            embedded,
        };
        string[] recipients = options.Recipient is { } recipient ? [recipient, .. options.RecipientAliases] : [.. options.RecipientAliases];
        if (depth == 0 && recipients.Length > 0)
        {
            checks.Add(RecipientCheck.Check(credential, recipients));
        }

        return new() { Checks = checks, Container = read.Container, Credential = credential, Findings = findings, Embedded = reports };
    }

    // A list is verified like any credential, but has no list of its own and carries nothing: that ends the recursion.
    private static async Task<VerificationReport> VerifyListAsync(ReadCredential list, VerificationSession session, CancellationToken ct)
    {
        IReadOnlyList<Finding> findings = CredentialValidator.Validate(JsonSerializer.SerializeToElement(list.Credential));
        (VerificationCheck proof, VerificationCheck key) = await ProofCheckStep.CheckAsync(list, session, ct).ConfigureAwait(false);
        VerificationCheck dates = DateCheck.Check(list.Credential, session);
        return new()
        {
            Checks =
            [
                Group(CheckNames.Types, findings, "The types are those of a status list.", static r => r is FindingRule.Type or FindingRule.Context),
                proof,
                key,
                // A list need not say from when it is valid.
                dates.Outcome == VerificationOutcome.NotChecked ? dates with { Outcome = VerificationOutcome.Passed } : dates,
            ],
            Container = list.Container,
            Credential = list.Credential,
            Findings = findings,
        };
    }

    // The credential may name further schemas, which nobody here knows: they are told, and never fetched.
    private static string SchemaSentence(JsonObject credential)
    {
        IEnumerable<JsonObject> named = credential["credentialSchema"] switch { JsonArray several => several.OfType<JsonObject>(), JsonObject one => [one], _ => [] };
        string? other = named.Select(static s => CredentialFacts.Text(s, "id")).FirstOrDefault(static id => id is not null && !id.StartsWith("https://purl.imsglobal.org/spec/", StringComparison.Ordinal));
        return other is null ? "The properties are as the schema asks." : "The properties are as the schema of its class asks; another schema that it names was not looked at.";
    }

    private static VerificationCheck Group(string name, IReadOnlyList<Finding> findings, string passed, Func<FindingRule, bool> belongs)
    {
        Finding[] own = [.. findings.Where(f => belongs(f.Rule))];
        return own.Length == 0
            ? new(name, VerificationOutcome.Passed, passed)
            : new(name, VerificationOutcome.Failed, own.Length == 1
                ? $"{own[0].Path}: {own[0].Sentence}"
                : $"{own[0].Path}: {own[0].Sentence} (and {own.Length - 1} more)");
    }

    private async Task<(VerificationCheck Check, IReadOnlyList<EmbeddedReport> Reports)> EmbeddedAsync(
        JsonObject credential, VerificationSession session, int depth, CancellationToken ct)
    {
        var reports = new List<EmbeddedReport>();
        foreach ((string path, JsonNode? value) in EmbeddedCredentials.Of(credential))
        {
            if (depth >= DeepestCarried || !session.TakeEmbedded())
            {
                return (new(CheckNames.Embedded, VerificationOutcome.NotChecked, "The credential carries more credentials, or deeper ones, than are verified."), reports);
            }

            (ReadCredential? read, string sentence) = EmbeddedCredentials.Read(value);
            VerificationReport report = read is null
                ? Unreadable(sentence)
                : await VerifyAsync(read, "It is carried by another credential.", session, depth + 1, ct).ConfigureAwait(false);
            reports.Add(new(path, report));
        }

        EmbeddedReport? worst = reports.FirstOrDefault(static r => r.Report.Verdict == Verdict.Refused) ?? reports.FirstOrDefault(static r => r.Report.Verdict == Verdict.Undecided);
        VerificationCheck check = worst switch
        {
            null when reports.Count == 0 => new(CheckNames.Embedded, VerificationOutcome.Passed, "It carries no other credentials."),
            null => new(CheckNames.Embedded, VerificationOutcome.Passed, $"All {reports.Count} carried credentials verify."),
            { Report.Verdict: Verdict.Refused } => new(CheckNames.Embedded, VerificationOutcome.Failed, $"The credential at {worst.Path} does not verify."),
            _ => new(CheckNames.Embedded, VerificationOutcome.NotChecked, $"The credential at {worst.Path} could not be verified completely."),
        };
        return (check, reports);
    }
}
