using System.Collections;

namespace CredSync.OpenBadges.Validation;

/// <summary>Gathers findings up to a limit: a hostile document must not fill the memory with complaints.</summary>
internal sealed class FindingList : IReadOnlyList<Finding>
{
    private const int Limit = 200;
    private readonly List<Finding> findings = [];

    public int Count => findings.Count;

    public Finding this[int index] => findings[index];

    public void Add(string path, FindingRule rule, string sentence)
    {
        if (findings.Count < Limit)
        {
            findings.Add(new(path, rule, sentence));
        }
    }

    public IEnumerator<Finding> GetEnumerator() => findings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
