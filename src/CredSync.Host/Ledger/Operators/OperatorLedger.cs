using CredSync.Host.Storage;

namespace CredSync.Host.Ledger.Operators;

/// <summary>
/// What operators read of the ledger and do to it, the same on both databases. Each subject has a file of its own beside this one. Lists are paged by their own
/// order, never by counting lines; counts are exact.
/// </summary>
internal sealed partial class OperatorLedger(ISql sql, TimeProvider time)
{
    /// <summary>What went wrong at an issuer's side and is not settled; the same words as in the partial index.</summary>
    internal const string Failing =
        "cause IS NOT NULL AND outcome_at IS NOT NULL AND archived_at IS NULL AND state IN ('Held', 'Planned', 'Sent', 'Refused') AND cause <> 'rejected'";

    private DateTimeOffset Now => time.GetUtcNow();

    private static string Where(List<string> conditions) => conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);

    private static void Equal(List<string> conditions, SqlValues values, string column, string? value)
    {
        if (value is not null)
        {
            conditions.Add($"{column} = @{column}");
            values.Add(column, value);
        }
    }

    // What somebody did; also what was said on the command line to be theirs.
    private static void By(List<string> conditions, SqlValues values, string? who)
    {
        if (who is not null)
        {
            conditions.Add("(who = @who OR substr(who, 1, length(@said)) = @said)");
            values.Add("who", who).Add("said", who + SaidName.By);
        }
    }
}
