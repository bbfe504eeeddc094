using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations;

/// <summary>Counts over the whole ledger that several screens show; each with its age.</summary>
internal sealed class LedgerFigures(ILedger ledger, OperatorLedger operators, TimeProvider time) : IDisposable
{
    /// <summary>How far ahead an expiry counts as soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    /// <summary>Issuances by definition, issuer and state.</summary>
    public Figures<IReadOnlyList<IssuanceCount>> Issuances { get; } = new(ledger.CountIssuancesAsync, time);

    /// <summary>Credentials that expire soon, by definition.</summary>
    public Figures<IReadOnlyDictionary<string, long>> Expiring { get; } = new(ct => operators.ExpiringAsync(time.GetUtcNow() + Soon, ct), time);

    /// <summary>Failures in groups.</summary>
    public Figures<IReadOnlyList<FailureGroup>> Failures { get; } = new(operators.FailureGroupsAsync, time);

    /// <summary>How many issuances there are of a state, definition and issuer, whatever is null, and when that was counted.</summary>
    public async Task<(long Count, DateTimeOffset At)> CountAsync(IssuanceState? state, string? definition, string? issuer, CancellationToken ct)
    {
        (IReadOnlyList<IssuanceCount> counts, DateTimeOffset at) = await Issuances.WithTimeAsync(ct).ConfigureAwait(false);

        // A revoked credential stays issued in the ledger, and stands in the list of those.
        return (counts.Where(c => (state is null || c.State == state || (state == IssuanceState.Issued && c.State == IssuanceState.Revoked)) && (definition is null || c.Definition == definition) && (issuer is null || c.Issuer == issuer))
            .Sum(c => (long)c.Count), at);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Issuances.Dispose();
        Expiring.Dispose();
        Failures.Dispose();
    }
}
