using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Postgres;

// Lines of completions and issuances, as screens show them.
internal sealed partial class PostgresLedger
{
    private const string IssuanceLines =
        """
        SELECT i.issuance_id AS id, i.definition, i.subject_id AS subject, i.occurrence, i.issuer, CASE WHEN i.revoked_at IS NULL THEN i.state ELSE 'Revoked' END AS state, a.reason, i.rule_book AS ruleBook, i.earned_at AS earnedAt, i.expires_at AS expiresAt,
            i.planned_at AS plannedAt, i.sent_at AS sentAt, i.outcome_at AS outcomeAt, i.attempts, i.not_before AS notBefore, i.credential_id AS credentialId, i.public_url AS publicUrl, i.cause, i.sentence, i.settle_by AS settleBy, i.revoked_at AS revokedAt,
            a.trace::text AS trace
        FROM issuances AS i JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id
        """;

    private const string CompletionLines =
        "SELECT payload::text AS payload, subject_id AS subject, revision, first_seen AS firstSeen, last_changed AS lastChanged, hold_cause AS holdCause, hold_sentence AS holdSentence FROM completions";

    public Task<IReadOnlyList<IssuanceLine>> OpenIssuancesAsync(int limit, CancellationToken ct) =>
        IssuancesAsync("i.cause IS NOT NULL AND i.state <> 'Issued' ORDER BY i.planned_at DESC LIMIT @limit", new { limit }, ct);

    public async Task<IssuanceLine?> IssuanceAsync(Guid issuance, CancellationToken ct) =>
        (await IssuancesAsync("i.issuance_id = @issuance", new { issuance }, ct).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<IssuanceLine>> IssuancesOfAsync(Guid subject, CancellationToken ct) =>
        IssuancesAsync("i.subject_id IN (SELECT subject_id FROM people WHERE subject_id = @subject OR merged_into = @subject) ORDER BY i.planned_at, i.definition COLLATE \"C\"", new { subject }, ct);

    // The state stands in the text, as one of a few words, so that the partial indexes apply.
    public Task<IReadOnlyList<IssuanceLine>> IssuancesInStateAsync(IssuanceState state, int limit, CancellationToken ct) =>
        IssuancesAsync(
            $"{InState(state)} ORDER BY i.outcome_at, i.issuance_id LIMIT @limit", new { limit }, ct);

    // What is held or refused has a cause, and what is on its way stands in the outbox.
    private static string InState(IssuanceState state) => state switch
    {
        IssuanceState.Revoked => "i.state = 'Issued' AND i.revoked_at IS NOT NULL",
        IssuanceState.Held or IssuanceState.Refused => $"i.state = '{state}' AND i.cause IS NOT NULL AND i.revoked_at IS NULL",
        IssuanceState.Planned or IssuanceState.Sent => $"i.state = '{state}' AND i.issuance_id IN (SELECT issuance_id FROM outbox) AND i.revoked_at IS NULL",
        _ => $"i.state = '{state}' AND i.revoked_at IS NULL",
    };

    public async Task<CompletionLine?> CompletionAsync(CompletionKey key, CancellationToken ct) =>
        (await CompletionsAsync("source = @Source AND natural_key = @naturalKey", new { key.Source, naturalKey = PostgresText.Safe(key.NaturalKey) }, ct).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<CompletionLine>> CompletionsOfAsync(Guid subject, CancellationToken ct) =>
        CompletionsAsync("subject_id IN (SELECT subject_id FROM people WHERE subject_id = @subject OR merged_into = @subject) ORDER BY completed_at NULLS FIRST, source, natural_key", new { subject }, ct);

    private Task<IReadOnlyList<IssuanceLine>> IssuancesAsync(string where, object parameters, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<IssuanceLine>>(
            async connection => [.. (await connection.QueryAsync<IssuanceRecord>(Command($"{IssuanceLines} WHERE {where}", parameters, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine())],
            ct);

    private Task<IReadOnlyList<CompletionLine>> CompletionsAsync(string where, object parameters, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<CompletionLine>>(
            async connection => [.. (await connection.QueryAsync<CompletionRecord>(Command($"{CompletionLines} WHERE {where}", parameters, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine())],
            ct);

    private sealed record CompletionRecord
    {
        public string Payload { get; init; } = "";

        public Guid? Subject { get; init; }

        public int Revision { get; init; }

        public DateTime FirstSeen { get; init; }

        public DateTime LastChanged { get; init; }

        public string? HoldCause { get; init; }

        public string? HoldSentence { get; init; }

        public CompletionLine ToLine() => new(LedgerJson.ReadCompletion(Payload), Subject, Revision, new DateTimeOffset(FirstSeen), new DateTimeOffset(LastChanged), HoldCause, HoldSentence);
    }

    private sealed record IssuanceRecord
    {
        public Guid Id { get; init; }

        public string Definition { get; init; } = "";

        public Guid Subject { get; init; }

        public string Occurrence { get; init; } = "";

        public string Issuer { get; init; } = "";

        public string State { get; init; } = "";

        public string Reason { get; init; } = "";

        public string RuleBook { get; init; } = "";

        public DateTime? EarnedAt { get; init; }

        public DateTime? ExpiresAt { get; init; }

        public DateTime PlannedAt { get; init; }

        public DateTime? SentAt { get; init; }

        public DateTime? OutcomeAt { get; init; }

        public int Attempts { get; init; }

        public DateTime? NotBefore { get; init; }

        public string? CredentialId { get; init; }

        public string? PublicUrl { get; init; }

        public string? Cause { get; init; }

        public string? Sentence { get; init; }

        public DateTime? RevokedAt { get; init; }

        public DateTime? SettleBy { get; init; }

        public string Trace { get; init; } = "";

        public IssuanceLine ToLine() => new()
        {
            Id = Id,
            Definition = Definition,
            Subject = Subject,
            Occurrence = Occurrence,
            Issuer = Issuer,
            State = Enum.Parse<IssuanceState>(State),
            Reason = Reason,
            RuleBookRevision = RuleBook,
            EarnedAt = Time(EarnedAt),
            ExpiresAt = Time(ExpiresAt),
            PlannedAt = new DateTimeOffset(PlannedAt),
            SentAt = Time(SentAt),
            OutcomeAt = Time(OutcomeAt),
            Attempts = Attempts,
            NotBefore = Time(NotBefore),
            CredentialId = CredentialId,
            PublicUrl = PublicUrl,
            Cause = Cause,
            Sentence = Sentence,
            RevokedAt = Time(RevokedAt),
            SettleBy = Time(SettleBy),
            Trace = LedgerJson.ReadTrace(Trace),
        };
    }
}
