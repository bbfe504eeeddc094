using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;

namespace CredSync.Host.Ledger.Sqlite;

// What screens and commands read.
internal sealed partial class SqliteLedger
{
    private const string IssuanceColumns =
        "issuance_id AS id, definition, subject_id AS subject, occurrence, issuer, CASE WHEN revoked_at IS NULL THEN state ELSE 'Revoked' END AS state, reason, rule_book AS ruleBook, earned_at AS earnedAt, expires_at AS expiresAt, planned_at AS plannedAt, sent_at AS sentAt, outcome_at AS outcomeAt, attempts, not_before AS notBefore, credential_id AS credentialId, public_url AS publicUrl, cause, sentence, settle_by AS settleBy, revoked_at AS revokedAt, trace";

    // Also of those who were merged into them.
    private const string OfPerson = "subject_id IN (SELECT subject_id FROM people WHERE subject_id = @id OR merged_into = @id)";

    private const string CompletionColumns =
        "payload, subject_id AS subject, revision, first_seen AS firstSeen, last_changed AS lastChanged, hold_cause AS holdCause, hold_sentence AS holdSentence";

    public Task<IReadOnlyList<SourceState>> SourcesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SourceState>>(
            async connection => [.. (await connection.QueryAsync<SourceRow>(Command($"SELECT {SourceColumns} FROM sources ORDER BY name", null, null, ct)).ConfigureAwait(false)).Select(r => r.ToState())],
            ct);

    public Task<IReadOnlyList<IssuanceCount>> CountIssuancesAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<IssuanceCount>>(
            async connection =>
            {
                IEnumerable<(string Definition, string Issuer, string State, long Count, string? Oldest)> counts = await connection.QueryAsync<(string, string, string, long, string?)>(Command(
                    "SELECT definition, issuer, state, count(*), min(planned_at) FROM issuances GROUP BY definition, issuer, state ORDER BY definition, issuer, state", null, null, ct)).ConfigureAwait(false);
                IEnumerable<(string Definition, string Issuer, long Count)> revoked = await connection.QueryAsync<(string, string, long)>(Command(
                    "SELECT definition, issuer, count(*) FROM issuances WHERE revoked_at IS NOT NULL GROUP BY definition, issuer", null, null, ct)).ConfigureAwait(false);
                return IssuanceCount.Of(
                    counts.Select(r => new IssuanceCount(r.Definition, r.Issuer, Enum.Parse<IssuanceState>(r.State), (int)r.Count, SqliteText.TimeOrNull(r.Oldest))),
                    revoked.Select(r => (r.Definition, r.Issuer, (int)r.Count)));
            },
            ct);

    public Task<bool> IsUnderWayAsync(CancellationToken ct) =>
        ReadAsync(
            connection => connection.QuerySingleAsync<bool>(Command(
                """
                SELECT EXISTS (SELECT 1 FROM issuances WHERE state = 'Sent') OR EXISTS (SELECT 1 FROM issuances WHERE state = 'Planned' AND (not_before IS NULL OR not_before <= @now))
                    OR EXISTS (SELECT 1 FROM revocations WHERE state = 'Sent')
                    OR EXISTS (SELECT 1 FROM revocations AS r JOIN issuances AS i ON i.issuance_id = r.issuance_id WHERE r.state = 'Planned' AND i.state = 'Issued' AND (r.not_before IS NULL OR r.not_before <= @now))
                """,
                new { now = Now },
                null,
                ct)),
            ct);

    public Task<IReadOnlyList<PersonHistory>> HistoriesAfterAsync(Guid? after, int limit, CancellationToken ct) =>
        ReadAsync(
            async connection =>
            {
                IEnumerable<string> subjects = await connection.QueryAsync<string>(Command(
                    "SELECT subject_id FROM people WHERE subject_id > @after AND merged_into IS NULL ORDER BY subject_id LIMIT @limit", new { after = after is { } a ? SqliteText.Of(a) : "", limit }, null, ct)).ConfigureAwait(false);
                return await SqliteHistories.OfAsync(connection, null, [.. subjects.Select(Id)], ct).ConfigureAwait(false);
            },
            ct);

    public Task<LedgerTotals> TotalsAsync(CancellationToken ct) =>
        ReadAsync(
            async connection =>
            {
                (long completions, long withheld, long people, long issuances, long setAside) = await connection.QuerySingleAsync<(long, long, long, long, long)>(Command(
                    "SELECT (SELECT count(*) FROM completions), (SELECT count(*) FROM completions WHERE hold_cause IS NOT NULL), (SELECT count(*) FROM people WHERE merged_into IS NULL), (SELECT count(*) FROM issuances), (SELECT count(*) FROM set_aside)", null, null, ct)).ConfigureAwait(false);
                return new LedgerTotals(completions, withheld, people, issuances, setAside);
            },
            ct);

    public Task<IReadOnlyList<IssuanceLine>> OpenIssuancesAsync(int limit, CancellationToken ct) =>
        IssuancesAsync("state IN ('Held', 'Refused') OR (state IN ('Planned', 'Sent') AND cause IS NOT NULL) ORDER BY planned_at DESC LIMIT @limit", new { limit }, ct);

    public async Task<IssuanceLine?> IssuanceAsync(Guid issuance, CancellationToken ct) =>
        (await IssuancesAsync("issuance_id = @id", new { id = SqliteText.Of(issuance) }, ct).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<IssuanceLine>> IssuancesOfAsync(Guid subject, CancellationToken ct) =>
        IssuancesAsync($"{OfPerson} ORDER BY planned_at, definition", new { id = SqliteText.Of(subject) }, ct);

    public Task<IReadOnlyList<IssuanceLine>> IssuancesInStateAsync(IssuanceState state, int limit, CancellationToken ct) =>
        IssuancesAsync(
            state == IssuanceState.Revoked ? "state = 'Issued' AND revoked_at IS NOT NULL ORDER BY outcome_at, issuance_id LIMIT @limit" : "state = @state AND revoked_at IS NULL ORDER BY outcome_at, issuance_id LIMIT @limit",
            new { state = state.ToString(), limit },
            ct);

    public async Task<CompletionLine?> CompletionAsync(CompletionKey key, CancellationToken ct) =>
        (await CompletionsAsync("source = @Source AND natural_key = @NaturalKey", key, ct).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<CompletionLine>> CompletionsOfAsync(Guid subject, CancellationToken ct) =>
        CompletionsAsync($"{OfPerson} ORDER BY completed_at, source, natural_key", new { id = SqliteText.Of(subject) }, ct);

    public Task<Guid?> FindSubjectAsync(string identifier, CancellationToken ct) =>
        ReadAsync<Guid?>(
            async connection =>
            {
                string[] found = [.. await connection.QueryAsync<string>(Command(
                    """
                    SELECT COALESCE(merged_into, subject_id) FROM people WHERE subject_id IN (SELECT subject_id FROM person_identifiers WHERE value IN (@exact, @lower))
                    UNION SELECT COALESCE(merged_into, subject_id) FROM people WHERE subject_id = @lower
                    """,
                    new { exact = identifier.Trim(), lower = identifier.Trim().ToLowerInvariant() }, null, ct)).ConfigureAwait(false)];
                return found.Length == 1 ? Id(found[0]) : null;
            },
            ct);

    public Task<IReadOnlyList<SetAsideLine>> SetAsideAsync(int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<SetAsideLine>>(
            async connection => [.. (await connection.QueryAsync<(string Source, string Reference, string Cause, string Sentence, string First, string Last, long Times)>(Command(
                "SELECT source, reference, cause, sentence, first_seen, last_seen, times FROM set_aside ORDER BY last_seen DESC, source, reference LIMIT @limit", new { limit }, null, ct)).ConfigureAwait(false))
                .Select(r => new SetAsideLine(r.Source, r.Reference, r.Cause, r.Sentence, SqliteText.Time(r.First), SqliteText.Time(r.Last), (int)r.Times))],
            ct);

    private Task<IReadOnlyList<IssuanceLine>> IssuancesAsync(string where, object parameters, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<IssuanceLine>>(
            async connection => [.. (await connection.QueryAsync<IssuanceRecord>(Command($"SELECT {IssuanceColumns} FROM issuances WHERE {where}", parameters, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine())],
            ct);

    private Task<IReadOnlyList<CompletionLine>> CompletionsAsync(string where, object parameters, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<CompletionLine>>(
            async connection => [.. (await connection.QueryAsync<CompletionRecord>(Command($"SELECT {CompletionColumns} FROM completions WHERE {where}", parameters, null, ct)).ConfigureAwait(false)).Select(r => r.ToLine())],
            ct);

    private sealed record CompletionRecord
    {
        public string Payload { get; init; } = "";

        public string? Subject { get; init; }

        public long Revision { get; init; }

        public string FirstSeen { get; init; } = "";

        public string LastChanged { get; init; } = "";

        public string? HoldCause { get; init; }

        public string? HoldSentence { get; init; }

        public CompletionLine ToLine() => new(
            LedgerJson.ReadCompletion(Payload), Subject is null ? null : Id(Subject), (int)Revision, SqliteText.Time(FirstSeen), SqliteText.Time(LastChanged), HoldCause, HoldSentence);
    }

    private sealed record IssuanceRecord
    {
        public string Id { get; init; } = "";

        public string Definition { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Occurrence { get; init; } = "";

        public string Issuer { get; init; } = "";

        public string State { get; init; } = "";

        public string Reason { get; init; } = "";

        public string RuleBook { get; init; } = "";

        public string? EarnedAt { get; init; }

        public string? ExpiresAt { get; init; }

        public string PlannedAt { get; init; } = "";

        public string? SentAt { get; init; }

        public string? OutcomeAt { get; init; }

        public long Attempts { get; init; }

        public string? NotBefore { get; init; }

        public string? CredentialId { get; init; }

        public string? PublicUrl { get; init; }

        public string? Cause { get; init; }

        public string? Sentence { get; init; }

        public string? RevokedAt { get; init; }

        public string? SettleBy { get; init; }

        public string Trace { get; init; } = "";

        public IssuanceLine ToLine() => new()
        {
            Id = SqliteLedger.Id(Id),
            Definition = Definition,
            Subject = SqliteLedger.Id(Subject),
            Occurrence = Occurrence,
            Issuer = Issuer,
            State = Enum.Parse<IssuanceState>(State),
            Reason = Reason,
            RuleBookRevision = RuleBook,
            EarnedAt = SqliteText.TimeOrNull(EarnedAt),
            ExpiresAt = SqliteText.TimeOrNull(ExpiresAt),
            PlannedAt = SqliteText.Time(PlannedAt),
            SentAt = SqliteText.TimeOrNull(SentAt),
            OutcomeAt = SqliteText.TimeOrNull(OutcomeAt),
            Attempts = (int)Attempts,
            NotBefore = SqliteText.TimeOrNull(NotBefore),
            CredentialId = CredentialId,
            PublicUrl = PublicUrl,
            Cause = Cause,
            Sentence = Sentence,
            RevokedAt = SqliteText.TimeOrNull(RevokedAt),
            SettleBy = SqliteText.TimeOrNull(SettleBy),
            Trace = LedgerJson.ReadTrace(Trace),
        };
    }
}
