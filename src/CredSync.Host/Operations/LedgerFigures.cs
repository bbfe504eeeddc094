using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Storage;

namespace CredSync.Host.Operations;

/// <summary>Counts over the whole ledger that several screens show; each with its age.</summary>
internal sealed class LedgerFigures(ILedger ledger, OperatorLedger operators, ISql sql, LookBudget budget, TimeProvider time) : IDisposable
{
    /// <summary>How far ahead an expiry counts as soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    private readonly Figures<IReadOnlyList<IssuanceCount>> issuances = new(sql, budget, time);
    private readonly Figures<IReadOnlyDictionary<string, long>> expiring = new(sql, budget, time);

    /// <summary>Issuances by definition, issuer and state, and when they were counted.</summary>
    public Task<(IReadOnlyList<IssuanceCount> Counts, DateTimeOffset At)> IssuancesAsync(CancellationToken ct) => issuances.WithTimeAsync(ledger.CountIssuancesAsync, ct);

    /// <summary>Credentials that expire soon, by definition.</summary>
    public ValueTask<IReadOnlyDictionary<string, long>> ExpiringAsync(CancellationToken ct) => expiring.GetAsync(own => operators.ExpiringAsync(time.GetUtcNow() + Soon, own), fresh: false, ct);

    /// <summary>How many issuances there are of a state, definition and issuer, whatever is null, and when that was counted.</summary>
    public async Task<(long Count, DateTimeOffset At)> CountAsync(IssuanceState? state, string? definition, string? issuer, CancellationToken ct)
    {
        (IReadOnlyList<IssuanceCount> counts, DateTimeOffset at) = await IssuancesAsync(ct).ConfigureAwait(false);

        // A revoked credential stays issued in the ledger, and stands in the list of those.
        return (counts.Where(c => (state is null || c.State == state || (state == IssuanceState.Issued && c.State == IssuanceState.Revoked)) && (definition is null || c.Definition == definition) && (issuer is null || c.Issuer == issuer))
            .Sum(c => (long)c.Count), at);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        issuances.Dispose();
        expiring.Dispose();
    }
}
