using CredSync.Core.People;

namespace CredSync.Host.Ledger;

/// <summary>Who belongs together: people, those who were merged into them, and what all of them said about credentials.</summary>
internal sealed class PersonTies
{
    private readonly Dictionary<Guid, Guid> roots = [];
    private readonly Dictionary<Guid, List<ConsentFact>> consents = [];

    /// <summary>Makes them.</summary>
    /// <param name="asked">Who was asked for; merged ones stand for those whom they were merged into.</param>
    /// <param name="rows">Everybody of these and of those tied to them who is merged, was merged into or said something.</param>
    public PersonTies(IEnumerable<Guid> asked, IReadOnlyCollection<TieRow> rows)
    {
        foreach (TieRow row in rows)
        {
            roots[row.Subject] = row.MergedInto ?? row.Subject;
        }

        Roots = [.. asked.Select(RootOf).Distinct()];
        HashSet<Guid> wanted = [.. Roots];
        Members = [.. Roots.Concat(rows.Where(r => wanted.Contains(RootOf(r.Subject))).Select(r => r.Subject)).Distinct()];
        foreach (TieRow row in rows.DistinctBy(r => r.Subject).OrderBy(r => r.Subject))
        {
            if (row.Consent is { } said)
            {
                if (!consents.TryGetValue(RootOf(row.Subject), out List<ConsentFact>? facts))
                {
                    consents.Add(RootOf(row.Subject), facts = []);
                }

                facts.AddRange(LedgerJson.ReadConsents(said));
            }
        }
    }

    /// <summary>Those who answer for everybody who was asked for.</summary>
    public IReadOnlyList<Guid> Roots { get; }

    /// <summary>Under whose ids their lines stand.</summary>
    public IReadOnlyList<Guid> Members { get; }

    /// <summary>Who answers for somebody.</summary>
    public Guid RootOf(Guid subject) => roots.GetValueOrDefault(subject, subject);

    /// <summary>What they said.</summary>
    public IReadOnlyList<ConsentFact> ConsentsOf(Guid root) => consents.TryGetValue(root, out List<ConsentFact>? facts) ? facts : [];
}

/// <summary>Somebody, into whom they were merged, and what they said.</summary>
internal sealed record TieRow(Guid Subject, Guid? MergedInto, string? Consent);
