namespace CredSync.Core.Rules;

/// <summary>A node of a rule, ready to be evaluated. Immutable.</summary>
internal abstract class RuleNode(Rule rule)
{
    public Rule Rule { get; } = rule;

    /// <summary>The node in words.</summary>
    public string Words { get; } = RuleWords.OfGroup(rule);

    /// <summary>When the node became fulfilled by facts dated from <paramref name="from"/> to <paramref name="to"/>, both inclusive; see <see cref="Rules.When"/>.</summary>
    public abstract long When(Evaluation evaluation, long from, long to);

    /// <summary>The facts that fulfilled it then. Only for a node that is fulfilled.</summary>
    public abstract void Choose(Evaluation evaluation, long from, long to, List<Choice> chosen);

    /// <summary>The dates on which something that the node asks for happened.</summary>
    public abstract void CollectDates(Evaluation evaluation, long from, long to, List<long> dates);

    /// <summary>How the node came out, with the facts.</summary>
    public abstract RuleTrace Trace(Evaluation evaluation, long from, long to);

    /// <summary>How far the node is from being fulfilled: 0 when it is, 1 for a course that was begun or misses a condition, 2 for a fact that is missing.</summary>
    public abstract int Distance(Evaluation evaluation, long from, long to);

    /// <summary>What the node contributes to "at least n of": one fact for each different course, else itself.</summary>
    public virtual void Contribute(Evaluation evaluation, long from, long to, Contributions contributions)
    {
        long when = When(evaluation, from, to);
        if (when != Rules.When.Never)
        {
            contributions.Add(new Contribution(when, this, null));
        }
    }

    /// <summary>The nodes at the ends.</summary>
    public virtual IEnumerable<RuleNode> Leaves() => [this];
}

/// <summary>One thing that counts towards "at least n of".</summary>
/// <param name="When">When it was fulfilled.</param>
/// <param name="Node">The node.</param>
/// <param name="Completion">The completion, for a course; null for any other node.</param>
internal readonly record struct Contribution(long When, RuleNode Node, CredSync.Completions.Completion? Completion);

/// <summary>What counts towards "at least n of", each course once.</summary>
/// <param name="capacity">How many there may be.</param>
internal sealed class Contributions(int capacity)
{
    private Dictionary<(string Source, string Course), int>? places;

    public List<Contribution> All { get; } = new(capacity);

    public void Add(Contribution contribution) => All.Add(contribution);

    /// <summary>Adds a completion of a course; of several of the same course the earliest counts, and of several at one time the one whose key comes first.</summary>
    public void AddCourse(Contribution contribution)
    {
        CredSync.Completions.Completion completion = contribution.Completion!;
        places ??= [];
        if (places.TryAdd((completion.Key.Source, completion.Course.Key), All.Count))
        {
            All.Add(contribution);
            return;
        }

        int same = places[(completion.Key.Source, completion.Course.Key)];
        if (contribution.When < All[same].When || (contribution.When == All[same].When && CourseNode.ComesBefore(completion, All[same].Completion!)))
        {
            All[same] = contribution;
        }
    }
}
