using CredSync.Host.Storage;
using CredSync.Issuers;

namespace CredSync.Host.Ledger.Operators;

// What was issued, as its issuer was asked for it.
internal sealed partial class OperatorLedger
{
    /// <summary>Issued credentials of an issuer with the facts that it was asked with, by id, after one.</summary>
    public Task<IReadOnlyList<IssuedLine>> IssuedAsync(string issuer, Guid? after, int limit, CancellationToken ct)
    {
        // The two ledgers keep facts in different places; everything else is the same.
        (string facts, string award, string join) = sql.IsShared
            ? ("f.credential::text", "a.award::text", "JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id JOIN credential_facts AS f ON f.facts_id = i.facts_id")
            : ("i.credential", "i.award", "");
        SqlValues values = SqlValues.None.Add("issuer", issuer).Add("limit", limit);
        if (after is not null)
        {
            values.Add("after", after);
        }

        return sql.ReadAsync(
            $"""
            SELECT i.issuance_id, i.definition, i.credential_id, i.outcome_at, {facts}, {award}, p.subject_id, p.name, p.email
            FROM issuances AS i JOIN people AS p ON p.subject_id = i.subject_id {join}
            WHERE i.state = 'Issued' AND i.issuer = @issuer {(after is null ? "" : "AND i.issuance_id > @after")} ORDER BY i.issuance_id LIMIT @limit
            """,
            values,
            r => new IssuedLine(
                r.Id(0), r.Text(1), r.TextOrNull(2),
                new IssuanceRequest
                {
                    IssuanceId = r.Id(0), Credential = LedgerJson.ReadCredential(r.Text(4)), Award = LedgerJson.ReadAward(r.Text(5)), IssuedAt = r.TimeOrNull(3) ?? DateTimeOffset.UnixEpoch,
                    Recipient = new Recipient { SubjectId = r.Id(6), Name = r.TextOrNull(7), Email = r.TextOrNull(8) },
                }),
            ct);
    }
}

/// <summary>An issued credential with the request that asked for it.</summary>
internal sealed record IssuedLine(Guid Id, string Definition, string? CredentialId, IssuanceRequest Request);
