using CredSync.Host.Storage;
using CredSync.Issuers;

namespace CredSync.Host.Ledger.Operators;

// The ledger beside what its issuers have, and how the two are brought together.
internal sealed partial class OperatorLedger
{
    private const string IsIssued = "i.state = 'Issued'";
    private const string IsOpen = "i.state IN ('Held', 'Refused') AND i.cause IS NOT NULL AND i.sent_at IS NOT NULL";

    /// <summary>Lines of an issuer by id, after one: issued ones, or those that were sent and have no credential.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="open">Whether those without a credential are wanted.</param>
    /// <param name="after">The last line of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<ComparedLine>> ComparedLinesAsync(string issuer, bool open, Guid? after, int limit, CancellationToken ct)
    {
        SqlValues values = SqlValues.None.Add("issuer", issuer).Add("limit", limit);
        if (after is not null)
        {
            values.Add("after", after);
        }

        return ComparedAsync($"{(open ? IsOpen : IsIssued)} AND i.issuer = @issuer {(after is null ? "" : "AND i.issuance_id > @after")} ORDER BY i.issuance_id LIMIT @limit", values, ct);
    }

    /// <summary>One line with what its issuer was asked for; null when there is none, or it was never sent.</summary>
    public async Task<ComparedLine?> ComparedLineAsync(Guid issuance, CancellationToken ct) =>
        (await ComparedAsync("i.issuance_id = @id", SqlValues.None.Add("id", issuance), ct).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>How many lines of an issuer there are to compare.</summary>
    public Task<long> CountComparedAsync(string issuer, CancellationToken ct) =>
        OneAsync($"SELECT count(*) FROM issuances AS i WHERE i.issuer = @issuer AND ({IsIssued} OR {IsOpen})", SqlValues.None.Add("issuer", issuer), ct);

    /// <summary>Of these credentials, what the issuer's list says.</summary>
    public async Task<IReadOnlyDictionary<string, ListedLine>> ListedAsync(long job, IReadOnlyList<string> credentials, CancellationToken ct)
    {
        SqlValues values = SqlValues.None.Add("id", job);
        return credentials.Count == 0
            ? new Dictionary<string, ListedLine>()
            : (await ListedAsync($"credential_id IN ({Names(values, credentials)})", values, ct).ConfigureAwait(false)).ToDictionary(l => l.CredentialId, StringComparer.Ordinal);
    }

    /// <summary>Credentials of the list that stand there for an issuance, or for a person's same right: template and earned date.</summary>
    public async Task<IReadOnlyList<ListedLine>> ListedForAsync(long job, IssuanceRequest request, CancellationToken ct)
    {
        IReadOnlyList<ListedLine> found = await ListedAsync("issuance_id = @issuance", SqlValues.None.Add("id", job).Add("issuance", request.IssuanceId), ct).ConfigureAwait(false);
        return found.Count > 0 ? found : [.. (await ListedAsync("subject_id = @subject AND issuance_id IS NULL", SqlValues.None.Add("id", job).Add("subject", request.Recipient.SubjectId), ct).ConfigureAwait(false))
            .Where(l => string.Equals(l.Template, request.Credential.Template?.Trim(), StringComparison.OrdinalIgnoreCase) && l.EarnedAt?.ToUnixTimeSeconds() == request.Award.EarnedAt.ToUnixTimeSeconds())];
    }

    /// <summary>Credentials of the list that no line of the ledger has, after one.</summary>
    public Task<IReadOnlyList<ListedLine>> ListedLeftAsync(long job, string? after, int limit, CancellationToken ct) =>
        ListedAsync("met = 0 AND credential_id > @after ORDER BY credential_id LIMIT @limit", SqlValues.None.Add("id", job).Add("after", after ?? "").Add("limit", limit), ct);

    /// <summary>How many credentials the list has.</summary>
    public Task<long> CountListedAsync(long job, CancellationToken ct) => OneAsync("SELECT count(*) FROM job_listed WHERE job_id = @id", SqlValues.None.Add("id", job), ct);

    /// <summary>Which of these credentials were issued since a time, as the ledger knows.</summary>
    public async Task<IReadOnlySet<string>> IssuedSinceAsync(string issuer, DateTimeOffset since, IReadOnlyList<string> credentials, CancellationToken ct)
    {
        SqlValues values = SqlValues.None.Add("issuer", issuer).Add("since", since);
        return credentials.Count == 0 ? new HashSet<string>() : (await sql.ReadAsync(
            $"SELECT credential_id FROM issuances WHERE state = 'Issued' AND outcome_at >= @since AND issuer = @issuer AND credential_id IN ({Names(values, credentials)})", values, r => r.Text(0), ct).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Plans again what the ledger believes issued and its issuer does not have.</summary>
    /// <returns>False when it is not as it was when it was found.</returns>
    public Task<bool> IssueAgainAsync(JobChange change, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            int done = await transaction.RunAsync(
                """
                UPDATE issuances SET state = 'Planned', planned_at = @now, claimed_until = NULL, not_before = NULL, sent_at = NULL, outcome_at = NULL, credential_id = NULL, public_url = NULL,
                    cause = NULL, sentence = NULL, fingerprint = NULL
                WHERE issuance_id = @id AND state = 'Issued' AND revoked_at IS NULL AND credential_id = @credential
                """,
                SqlValues.None.Add("now", Now).Add("id", change.Issuance).Add("credential", change.CredentialId),
                ct).ConfigureAwait(false);
            if (done == 0)
            {
                return false;
            }

            await RecordAsync(transaction, new Act(who, "repair", $"{change.Issuance}", why, $"{change.Definition}: {change.Sentence}") { Was = $"issued as {change.CredentialId}", Became = "planned again" }, ct).ConfigureAwait(false);
            if (sql.IsShared)
            {
                await transaction.ReadAsync($"SELECT pg_notify('{Postgres.PostgresLedger.PlannedChannel}', '')", SqlValues.None, _ => 0, ct).ConfigureAwait(false);
            }

            return true;
        },
        ct);

    /// <summary>Takes over the credential that its issuer has for a line.</summary>
    /// <returns>False when the line has that credential already, or is on its way, or is revoked.</returns>
    public Task<bool> TakeOverAsync(JobChange change, string who, string why, CancellationToken ct) => sql.WriteAsync(
        async transaction =>
        {
            IReadOnlyList<string> was = await transaction.ReadAsync($"SELECT state, credential_id FROM issuances WHERE issuance_id = @id{Lock}", SqlValues.None.Add("id", change.Issuance), r => $"{r.Text(0).ToLowerInvariant()}{(r.TextOrNull(1) is { } id ? $" as {id}" : "")}", ct).ConfigureAwait(false);
            int done = await transaction.RunAsync(
                """
                UPDATE issuances SET state = 'Issued', credential_id = @credential, public_url = @url, outcome_at = COALESCE(outcome_at, @now), claimed_until = NULL, not_before = NULL,
                    cause = NULL, sentence = NULL, fingerprint = NULL
                WHERE issuance_id = @id AND state IN ('Held', 'Refused', 'Issued') AND revoked_at IS NULL AND (credential_id IS NULL OR credential_id <> @credential)
                """,
                SqlValues.None.Add("credential", change.CredentialId).Add("url", change.PublicUrl).Add("now", Now).Add("id", change.Issuance),
                ct).ConfigureAwait(false);
            return done > 0 && await RecordAsync(transaction, new Act(who, "repair", $"{change.Issuance}", why, $"{change.Definition}: {change.Sentence}") { Was = was[0], Became = $"issued as {change.CredentialId}" }, ct).ConfigureAwait(false) > 0;
        },
        ct);

    private Task<IReadOnlyList<ListedLine>> ListedAsync(string where, SqlValues values, CancellationToken ct) => sql.ReadAsync(
        $"SELECT credential_id, issuance_id, subject_id, template, earned_at, revoked, public_url FROM job_listed WHERE job_id = @id AND {where}",
        values,
        r => new ListedLine(r.Text(0), r.IdOrNull(1), r.IdOrNull(2), r.TextOrNull(3), r.TimeOrNull(4), r.Number(5) == 1, r.TextOrNull(6)),
        ct);

    private Task<IReadOnlyList<ComparedLine>> ComparedAsync(string where, SqlValues values, CancellationToken ct)
    {
        // The two ledgers keep facts in different places; everything else is the same.
        (string facts, string award, string join) = sql.IsShared
            ? ("f.credential::text", "a.award::text", "JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id JOIN credential_facts AS f ON f.facts_id = i.facts_id")
            : ("i.credential", "i.award", "");
        return sql.ReadAsync(
            $"""
            SELECT i.issuance_id, i.definition, i.state, i.credential_id, CASE WHEN i.revoked_at IS NULL THEN 0 ELSE 1 END, i.outcome_at, {facts}, {award}, p.subject_id, p.name, p.email
            FROM issuances AS i JOIN people AS p ON p.subject_id = i.subject_id {join} WHERE {award} IS NOT NULL AND {where}
            """,
            values,
            r => new ComparedLine(
                r.Id(0), r.Text(1), r.Text(2), r.TextOrNull(3), r.Number(4) == 1, r.TimeOrNull(5),
                new IssuanceRequest
                {
                    IssuanceId = r.Id(0), Credential = LedgerJson.ReadCredential(r.Text(6)), Award = LedgerJson.ReadAward(r.Text(7)), IssuedAt = r.TimeOrNull(5) ?? DateTimeOffset.UnixEpoch,
                    Recipient = new Recipient { SubjectId = r.Id(8), Name = r.TextOrNull(9), Email = r.TextOrNull(10) },
                }),
            ct);
    }
}
