using CredSync.Core.Rules;

namespace CredSync.Core.Plans;

/// <summary>How far a rule book and what people did reach each other, built person by person.</summary>
/// <param name="ruleBook">The rule book.</param>
public sealed class CoverageCount(RuleBook ruleBook)
{
    private readonly PlanSummary summary = new();
    private readonly HashSet<string> fired = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Credential, string Missing), NearMiss> near = [];

    /// <summary>People, completions, and the courses that no rule names.</summary>
    public PlanSummary Summary => summary;

    /// <summary>Ids of the credentials that nobody has ever earned.</summary>
    public IReadOnlyList<string> NeverFired => [.. ruleBook.Definitions.Select(d => d.Id).Where(id => !fired.Contains(id))];

    /// <summary>Who holds all but one leaf, by credential and leaf, the most people first.</summary>
    public IReadOnlyList<NearMiss> AllButOne => [.. near.Values.OrderByDescending(n => n.People).ThenBy(n => n.Credential, StringComparer.Ordinal).ThenBy(n => n.Missing, StringComparer.Ordinal)];

    /// <summary>Adds one person.</summary>
    /// <param name="person">What the ledger holds.</param>
    /// <param name="now">The present, UTC.</param>
    public void Add(PlanPerson person, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        PersonPlan plan = PersonPlan.Of(ruleBook, person, PlanScope.All, now);
        summary.Add(person, plan, ruleBook);
        foreach (HeldIssuance held in person.History.Issuances)
        {
            fired.Add(held.Key.Definition);
        }

        foreach (Decision decision in plan.Decisions)
        {
            if (decision is not Decision.Skip skip)
            {
                fired.Add(decision.Definition);
            }
            else if (skip.ExpiredAt is not null)
            {
                fired.Add(skip.Definition);
            }
            else if (ruleBook.Find(skip.Definition) is { } definition && !person.History.Issuances.Any(i => i.Key.Definition == definition.Id) && NextSteps.OnlyMissing(definition.Earn, skip.Trace) is { } missing)
            {
                if (!near.TryGetValue((definition.Id, missing), out NearMiss? miss))
                {
                    near[(definition.Id, missing)] = miss = new NearMiss(definition.Id, missing);
                }

                miss.Count(person.History.Subject);
            }
        }
    }

    /// <summary>Adds what another one counted; the other's people come after this one's.</summary>
    /// <param name="other">The other, of the same rule book.</param>
    public void Add(CoverageCount other)
    {
        ArgumentNullException.ThrowIfNull(other);
        summary.Add(other.summary);
        fired.UnionWith(other.fired);
        foreach (((string, string) key, NearMiss miss) in other.near)
        {
            if (!near.TryAdd(key, miss))
            {
                near[key].Add(miss);
            }
        }
    }
}

/// <summary>People who hold all of a rule but one leaf.</summary>
/// <param name="credential">Id of the credential.</param>
/// <param name="missing">The leaf, in words.</param>
public sealed class NearMiss(string credential, string missing)
{
    private readonly List<Guid> samples = new(PlanSummary.Samples);

    /// <summary>Id of the credential.</summary>
    public string Credential => credential;

    /// <summary>What is missing, in words; the same for everybody whom this line counts.</summary>
    public string Missing => missing;

    /// <summary>How many people.</summary>
    public long People { get; private set; }

    /// <summary>Subject ids of the first few.</summary>
    public IReadOnlyList<Guid> Samples => samples;

    internal void Count(Guid person)
    {
        People++;
        if (samples.Count < PlanSummary.Samples)
        {
            samples.Add(person);
        }
    }

    internal void Add(NearMiss other)
    {
        People += other.People;
        samples.AddRange(other.samples.Take(PlanSummary.Samples - samples.Count));
    }
}
