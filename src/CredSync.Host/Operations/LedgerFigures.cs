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

    /// <inheritdoc />
    public void Dispose()
    {
        Issuances.Dispose();
        Expiring.Dispose();
        Failures.Dispose();
    }
}
