namespace CredSync.Core.Rules;

/// <summary>A credential that must be held, ready to be evaluated.</summary>
internal sealed class CredentialNode(CredentialRule rule, int rank) : RuleNode(rule)
{
    private readonly string id = rule.Credential;

    /// <summary>Rank of the credential's definition; always below that of the definition whose rule this is.</summary>
    public int Rank { get; } = rank;

    public override long When(Evaluation evaluation, long from, long to)
    {
        long best = Rules.When.Never;
        foreach (CredentialFact fact in evaluation.Credentials)
        {
            if (fact.Rank == Rank && fact.From >= from && fact.From <= to && IsValid(evaluation, fact))
            {
                best = Math.Min(best, fact.From);
            }
        }

        return best;
    }

    public override void Choose(Evaluation evaluation, long from, long to, List<Choice> chosen) =>
        chosen.Add(new Choice(null, id, When(evaluation, from, to)));

    public override void CollectDates(Evaluation evaluation, long from, long to, List<long> dates)
    {
        foreach (CredentialFact fact in evaluation.Credentials)
        {
            if (fact.Rank == Rank && fact.From >= from && fact.From <= to)
            {
                dates.Add(fact.From);
            }
        }
    }

    /// <summary>Those that the person holds or held.</summary>
    public IEnumerable<CredentialFact> Held(Evaluation evaluation) => evaluation.Credentials.Where(f => f.Rank == Rank);

    /// <summary>When the valid ones were earned.</summary>
    public IEnumerable<long> Valid(Evaluation evaluation) => evaluation.Credentials.Where(f => f.Rank == Rank && IsValid(evaluation, f)).Select(f => f.From);

    public override int Distance(Evaluation evaluation, long from, long to) => When(evaluation, from, to) != Rules.When.Never ? 0 : 2;

    public override RuleTrace Trace(Evaluation evaluation, long from, long to)
    {
        bool met = When(evaluation, from, to) != Rules.When.Never;
        return new RuleTrace
        {
            Node = Words,
            Met = met,
            Missing = met ? null
                : evaluation.Credentials.Any(f => f.Rank == Rank) ? $"credential {id} is held, but was not valid at the right time"
                : $"credential {id} is not held",
        };
    }

    private static bool IsValid(Evaluation evaluation, CredentialFact fact) =>
        evaluation.ValidAt is not { } at || (fact.From <= at && at < fact.Before);
}
