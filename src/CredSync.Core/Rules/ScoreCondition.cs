using System.Globalization;
using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>How a score is compared.</summary>
public enum ScoreComparison
{
    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>&lt;</c></summary>
    Below,
}

/// <summary>A condition on a score, with its unit: <c>&gt;= 80 %</c> or <c>&gt;= 60 of 100</c>.</summary>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">The limit: a percentage when <paramref name="OutOf"/> is null, else points.</param>
/// <param name="OutOf">The highest possible points; null for a percentage.</param>
public readonly record struct ScoreCondition(ScoreComparison Comparison, decimal Value, decimal? OutOf)
{
    /// <summary>The limit as a fraction of the best possible result.</summary>
    public decimal Fraction => Value / (OutOf ?? 100m);

    /// <summary>Whether a score meets the condition. No score, or one that cannot be compared, does not.</summary>
    /// <param name="score">The score; null when there is none.</param>
    /// <remarks>
    /// Points are compared as points when the platform gives points out of the same highest, or does not say out of how many;
    /// in every other case the fractions are compared.
    /// </remarks>
    public bool IsMetBy(Score? score) => IsMetBy(score, Fraction);

    /// <summary>As the other, for who asks often.</summary>
    /// <param name="score">The score; null when there is none.</param>
    /// <param name="limit">The <see cref="Fraction"/>.</param>
    internal bool IsMetBy(Score? score, decimal limit)
    {
        if (score is null)
        {
            return false;
        }

        if (OutOf is { } outOf && score.Raw is { } points && (score.Max is null ? score.Scaled is null : score.Max == outOf && (score.Min ?? 0) == 0))
        {
            return Compare(points, Value);
        }

        return FractionOf(score) is { } fraction && Compare(fraction, limit);
    }

    /// <summary>A score as a fraction of the best possible result; null when it cannot be derived.</summary>
    /// <param name="score">The score; null when there is none.</param>
    public static decimal? FractionOf(Score? score)
    {
        if (score is null)
        {
            return null;
        }

        if (score.Scaled is { } scaled)
        {
            return scaled;
        }

        decimal min = score.Min ?? 0;
        return score.Raw is { } raw && score.Max is { } max && max > min ? Math.Clamp((raw - min) / (max - min), 0, 1) : null;
    }

    /// <summary>Reads a condition.</summary>
    /// <param name="text">A comparison (<c>&gt;=</c>, <c>&gt;</c>, <c>&lt;=</c>, <c>&lt;</c>), a number, and a unit: <c>%</c>, or <c>of</c> and the highest possible points.</param>
    /// <param name="condition">The condition.</param>
    /// <returns>Whether the text is a condition.</returns>
    public static bool TryParse(string text, out ScoreCondition condition)
    {
        condition = default;
        ArgumentNullException.ThrowIfNull(text);
        (ScoreComparison comparison, int length) = text switch
        {
            ['>', '=', ..] => (ScoreComparison.AtLeast, 2),
            ['>', ..] => (ScoreComparison.Above, 1),
            ['<', '=', ..] => (ScoreComparison.AtMost, 2),
            ['<', ..] => (ScoreComparison.Below, 1),
            _ => (default, 0),
        };
        if (length == 0 || !ScoreText.TryParse(text[length..].Trim(), out decimal value, out decimal? outOf))
        {
            return false;
        }

        condition = new ScoreCondition(comparison, value, outOf);
        return true;
    }

    /// <summary>In words, for example <c>≥ 80 %</c>.</summary>
    public override string ToString()
    {
        string sign = Comparison switch { ScoreComparison.AtLeast => "≥", ScoreComparison.Above => ">", ScoreComparison.AtMost => "≤", _ => "<" };
        return OutOf is { } outOf
            ? string.Create(CultureInfo.InvariantCulture, $"{sign} {Value} of {outOf}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign} {Value} %");
    }

    private bool Compare(decimal value, decimal limit) => Comparison switch
    {
        ScoreComparison.AtLeast => value >= limit,
        ScoreComparison.Above => value > limit,
        ScoreComparison.AtMost => value <= limit,
        _ => value < limit,
    };
}

/// <summary>A score as it is written in rules and tests: <c>80 %</c> or <c>60 of 100</c>.</summary>
internal static class ScoreText
{
    public static bool TryParse(string text, out decimal value, out decimal? outOf)
    {
        outOf = null;
        value = 0;
        if (text.EndsWith('%'))
        {
            return TryNumber(text[..^1].Trim(), out value);
        }

        int of = text.IndexOf(" of ", StringComparison.Ordinal);
        if (of < 0 || !TryNumber(text[..of].Trim(), out value) || !TryNumber(text[(of + 4)..].Trim(), out decimal highest) || highest == 0)
        {
            return false;
        }

        outOf = highest;
        return true;
    }

    private static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
