namespace CredSync.Core.Configuration;

/// <summary>What was probably meant.</summary>
internal static class Suggest
{
    /// <summary>A sentence that names the nearest candidate; null when none is near.</summary>
    public static string? DidYouMean(string written, IEnumerable<string> candidates) =>
        Nearest(written, candidates) is { } nearest ? $"did you mean '{nearest}'?" : null;

    /// <summary>The candidate that differs least, when that is little enough; null otherwise.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        string word = written.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        if (word.Length is 0 or > 60)
        {
            return null;
        }

        string? nearest = null;
        int best = Math.Max(1, word.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            string other = candidate.ToLowerInvariant().Replace('-', '_');
            if (other == word)
            {
                return candidate;
            }

            if (Math.Abs(other.Length - word.Length) < best && Distance(word, other) is var distance && distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            cost[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
