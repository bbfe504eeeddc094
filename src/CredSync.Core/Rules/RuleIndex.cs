using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>Which definitions a completion or a credential can matter to, so that no other rule is looked at.</summary>
internal sealed class RuleIndex
{
    private readonly Dictionary<string, int[]> exact;
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> prefixes;
    private readonly int[] prefixLengths;
    private readonly int[] always;
    private readonly int[][] dependents;

    public RuleIndex(IReadOnlyList<CompiledDefinition> definitions)
    {
        Dictionary<string, SortedSet<int>> byKey = new(StringComparer.Ordinal);
        Dictionary<string, SortedSet<int>> byPrefix = new(StringComparer.Ordinal);
        SortedSet<int> everywhere = [];
        SortedSet<int>?[] asking = new SortedSet<int>?[definitions.Count];
        foreach (CompiledDefinition definition in definitions)
        {
            foreach (RuleNode leaf in definition.Leaves())
            {
                if (leaf is CredentialNode credential)
                {
                    (asking[credential.Rank] ??= []).Add(definition.Rank);
                }
                else if (leaf is CourseNode course)
                {
                    foreach (CourseGlob glob in course.IndexedBy())
                    {
                        SortedSet<int> ranks = glob.IsExact ? Slot(byKey, glob.Pattern) : glob.Prefix.Length > 0 ? Slot(byPrefix, glob.Prefix) : everywhere;
                        ranks.Add(definition.Rank);
                    }
                }
            }
        }

        exact = byKey.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
        prefixes = byPrefix.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        prefixLengths = [.. byPrefix.Keys.Select(p => p.Length).Distinct().Order()];
        always = [.. everywhere];
        dependents = [.. asking.Select(a => a is null ? [] : a.ToArray())];
        Words = (definitions.Count + 63) / 64;
    }

    /// <summary>How many words of bits hold one bit for each definition.</summary>
    public int Words { get; }

    /// <summary>Marks the definitions that a completion can matter to.</summary>
    /// <returns>Whether there is any.</returns>
    public bool Mark(Completion completion, Span<ulong> marks)
    {
        string key = completion.Course.Key;
        bool any = Mark(always, marks);
        if (exact.TryGetValue(key, out int[]? ranks))
        {
            any |= Mark(ranks, marks);
        }

        foreach (int length in prefixLengths)
        {
            if (length > key.Length)
            {
                break;
            }

            if (prefixes.TryGetValue(key.AsSpan(0, length), out ranks))
            {
                any |= Mark(ranks, marks);
            }
        }

        return any;
    }

    /// <summary>Marks the definitions whose rules ask for a credential.</summary>
    public bool MarkDependents(int rank, Span<ulong> marks) => Mark(dependents[rank], marks);

    private static bool Mark(int[] ranks, Span<ulong> marks)
    {
        foreach (int rank in ranks)
        {
            marks[rank >> 6] |= 1UL << (rank & 63);
        }

        return ranks.Length > 0;
    }

    private static SortedSet<int> Slot(Dictionary<string, SortedSet<int>> slots, string key)
    {
        if (!slots.TryGetValue(key, out SortedSet<int>? ranks))
        {
            slots.Add(key, ranks = []);
        }

        return ranks;
    }
}
