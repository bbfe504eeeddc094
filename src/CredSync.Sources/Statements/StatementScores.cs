using CredSync.Completions;

namespace CredSync.Sources.Statements;

/// <summary>The score of a statement. Scaled is −1 to 1 there; what is below nothing is nothing.</summary>
internal static class StatementScores
{
    public static Score? Of(Statement statement)
    {
        decimal? scaled = statement.ScoreScaled is >= -1 and <= 1 ? Math.Max(0, statement.ScoreScaled.Value) : null;
        if (scaled is null && statement is { ScoreRaw: { } raw, ScoreMin: { } min, ScoreMax: { } max } && max > min && raw >= min && raw <= max)
        {
            scaled = (raw - min) / (max - min);
        }

        return scaled is null && statement.ScoreRaw is null
            ? null
            : new Score { Scaled = scaled, Raw = statement.ScoreRaw, Min = statement.ScoreMin, Max = statement.ScoreMax };
    }
}
