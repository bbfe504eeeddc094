using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

// Which alerts were told: of several workers that look at the same ledger, one tells.
internal sealed partial class OperatorLedger
{
    /// <summary>All alerts that were told and are not over, and those that somebody is telling: their key and what they were.</summary>
    public Task<IReadOnlyList<AlertLine>> AlertsAsync(CancellationToken ct) => sql.ReadAsync(
        "SELECT alert_key, alert, told_at FROM alerts ORDER BY alert_key", SqlValues.None, r => new AlertLine(r.Text(0), r.Text(1), r.TimeOrNull(2)), ct);

    /// <summary>Claims the telling that an alert began.</summary>
    /// <returns>False when it was told, or another worker is telling it.</returns>
    public Task<bool> ClaimBeginningAsync(string key, string alert, TimeSpan lease, CancellationToken ct) => sql.WriteAsync(
        async transaction => await transaction.RunAsync(
            """
            INSERT INTO alerts (alert_key, alert, claimed_until) VALUES (@key, @alert, @until)
            ON CONFLICT (alert_key) DO UPDATE SET alert = excluded.alert, claimed_until = excluded.claimed_until WHERE alerts.told_at IS NULL AND (alerts.claimed_until IS NULL OR alerts.claimed_until <= @now)
            """,
            SqlValues.None.Add("key", key).Add("alert", alert).Add("until", Now + lease).Add("now", Now),
            ct).ConfigureAwait(false) > 0,
        ct);

    /// <summary>Claims the telling that an alert is over.</summary>
    /// <returns>False when another worker is telling it, or has.</returns>
    public Task<bool> ClaimEndAsync(string key, TimeSpan lease, CancellationToken ct) => sql.WriteAsync(
        async transaction => await transaction.RunAsync(
            "UPDATE alerts SET claimed_until = @until WHERE alert_key = @key AND told_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until <= @now)",
            SqlValues.None.Add("key", key).Add("until", Now + lease).Add("now", Now),
            ct).ConfigureAwait(false) > 0,
        ct);

    /// <summary>Notes that a claimed telling went through, or did not: then it is claimed again at the next look.</summary>
    /// <param name="key">The alert.</param>
    /// <param name="isOver">Whether its end was told.</param>
    /// <param name="told">Whether somebody took it.</param>
    /// <param name="ct">Cancels.</param>
    public Task SettleAlertAsync(string key, bool isOver, bool told, CancellationToken ct) => sql.WriteAsync(
        transaction => transaction.RunAsync(
            (isOver, told) switch
            {
                (true, true) => "DELETE FROM alerts WHERE alert_key = @key",
                (false, false) => "DELETE FROM alerts WHERE alert_key = @key AND told_at IS NULL",
                (true, false) => "UPDATE alerts SET claimed_until = NULL WHERE alert_key = @key",
                _ => "UPDATE alerts SET told_at = @now, claimed_until = NULL WHERE alert_key = @key",
            },
            SqlValues.None.Add("key", key).Add("now", Now),
            ct),
        ct);
}

/// <summary>An alert that was told, or that somebody is telling.</summary>
/// <param name="Key">What makes it the same as one before.</param>
/// <param name="Alert">The alert, JSON.</param>
/// <param name="ToldAt">When its beginning was told, UTC; null while that is tried.</param>
internal sealed record AlertLine(string Key, string Alert, DateTimeOffset? ToldAt);
