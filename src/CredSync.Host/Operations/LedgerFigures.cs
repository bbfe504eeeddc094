using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations;

/// <summary>Counts over the whole ledger that several screens show; each with its age.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="operators">What operators read of it.</param>
/// <param name="looks">What open screens share.</param>
/// <param name="time">The clock.</param>
internal sealed class LedgerFigures(ILedger ledger, OperatorLedger operators, Looks looks, TimeProvider time)
{
    /// <summary>How far ahead an expiry counts as soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    /// <summary>Issuances by definition, issuer and state, and when they were counted.</summary>
    /// <param name="ct">Cancels.</param>
    public ValueTask<IssuanceCounts> IssuancesAsync(CancellationToken ct) => looks.SeeAsync(
        (typeof(LedgerFigures), nameof(IssuancesAsync)), own => Apart.RunAsync(async ct => new IssuanceCounts(await ledger.CountIssuancesAsync(ct).ConfigureAwait(false), time.GetUtcNow()), own), fresh: false, ct);

    /// <summary>Credentials that expire soon, by definition.</summary>
    /// <param name="ct">Cancels.</param>
    public ValueTask<IReadOnlyDictionary<string, long>> ExpiringAsync(CancellationToken ct) =>
        looks.SeeAsync((typeof(LedgerFigures), nameof(ExpiringAsync)), own => operators.ExpiringAsync(time.GetUtcNow() + Soon, own), fresh: false, ct);
}

/// <summary>Issuances by definition, issuer and state.</summary>
/// <param name="Counts">How many of each.</param>
/// <param name="At">When they were counted, UTC.</param>
internal sealed record IssuanceCounts(IReadOnlyList<IssuanceCount> Counts, DateTimeOffset At)
{
    /// <summary>How many there are of a state, definition and issuer, whatever is null.</summary>
    public Counted Of(IssuanceState? state, string? definition, string? issuer) => new(

        // A revoked credential stays issued in the ledger, and stands in the list of those.
        Counts.Where(c => (state is null || c.State == state || (state == IssuanceState.Issued && c.State == IssuanceState.Revoked)) && (definition is null || c.Definition == definition) && (issuer is null || c.Issuer == issuer))
            .Sum(c => (long)c.Count),
        At);
}

/// <summary>An exact count.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="At">When, UTC.</param>
internal sealed record Counted(long Count, DateTimeOffset At);
