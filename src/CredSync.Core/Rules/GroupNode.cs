using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>All, any, or at least n of several nodes, perhaps within a length of time; ready to be evaluated.</summary>
internal sealed class GroupNode(Rule rule, RuleNode[] children) : RuleNode(rule)
{
    // Fewer dates than these are looked at one by one as quickly.
    private const int WorthASweep = 8;

    private readonly int? count = (rule as AtLeastRule)?.Count;
    private readonly bool all = rule is AllRule;
    private readonly bool inOrder = rule is AllRule { InOrder: true };
    private readonly Period? within = rule.Within;

    /// <summary>The nodes below it.</summary>
    public IReadOnlyList<RuleNode> Children => children;

    /// <summary>How many it takes; null when it is all or any.</summary>
    public int? Count => count;

    /// <summary>Whether it takes all.</summary>
    public bool IsAll => all;

    /// <summary>Whether it is fulfilled or not by which facts there are, whatever their order and distance.</summary>
    public bool IsPlain => !inOrder && within is null;

    public override IEnumerable<RuleNode> Leaves() => children.SelectMany(c => c.Leaves());

    public override long When(Evaluation evaluation, long from, long to) =>
        within is null ? WhenWithout(evaluation, from, to) : FindWindow(evaluation, ref from, ref to);

    public override void Choose(Evaluation evaluation, long from, long to, List<Choice> chosen)
    {
        if (within is not null)
        {
            FindWindow(evaluation, ref from, ref to);
        }

        if (inOrder)
        {
            foreach ((RuleNode child, long start) in Places(evaluation, from, to))
            {
                child.Choose(evaluation, start, to, chosen);
            }
        }
        else if (all)
        {
            foreach (RuleNode child in children)
            {
                child.Choose(evaluation, from, to, chosen);
            }
        }
        else if (count is { } needed)
        {
            ChooseSome(evaluation, from, to, needed, chosen);
        }
        else
        {
            children.MinBy(c => c.When(evaluation, from, to))!.Choose(evaluation, from, to, chosen);
        }
    }

    public override void CollectDates(Evaluation evaluation, long from, long to, List<long> dates)
    {
        foreach (RuleNode child in children)
        {
            child.CollectDates(evaluation, from, to, dates);
        }
    }

    public override int Distance(Evaluation evaluation, long from, long to)
    {
        if (When(evaluation, from, to) != Rules.When.Never)
        {
            return 0;
        }

        // A group that all but its window fulfils is as near as a course that misses a condition.
        return Math.Max(1, all ? children.Sum(c => c.Distance(evaluation, from, to))
            : count is { } needed ? children.Select(c => c.Distance(evaluation, from, to)).Order().Take(needed).Sum()
            : children.Min(c => c.Distance(evaluation, from, to)));
    }

    public override RuleTrace Trace(Evaluation evaluation, long from, long to)
    {
        bool met = When(evaluation, from, to) != Rules.When.Never;
        if (within is not null && met)
        {
            FindWindow(evaluation, ref from, ref to);
        }

        RuleTrace[] below = inOrder ? [.. Places(evaluation, from, to).Select(p => p.Child.Trace(evaluation, p.Start, to))] : [.. children.Select(c => c.Trace(evaluation, from, to))];
        return new RuleTrace
        {
            Node = Words,
            Met = met,
            Facts = met ? FactsOf(evaluation, from, to) : [],
            Missing = met ? null : Missing(evaluation, from, to, below),
            Children = below,
        };
    }

    private string[] FactsOf(Evaluation evaluation, long from, long to)
    {
        var chosen = new List<Choice>();
        Choose(evaluation, from, to, chosen);
        return [.. chosen.Where(c => c.Completion is not null).Select(c => c.Completion!.Key.ToString()).Distinct(StringComparer.Ordinal)];
    }

    private string Missing(Evaluation evaluation, long from, long to, RuleTrace[] below)
    {
        if (WhenWithout(evaluation, from, to) != Rules.When.Never)
        {
            return $"what is asked for is there, but not within {within}";
        }

        if (inOrder && Array.TrueForAll(children, c => c.When(evaluation, from, to) != Rules.When.Never))
        {
            return "what is asked for is there, but not in this order";
        }

        int nearest = -1;
        int distance = int.MaxValue;
        for (int i = 0; i < children.Length; i++)
        {
            if (!below[i].Met && children[i].Distance(evaluation, from, to) is var d && d < distance)
            {
                (nearest, distance) = (i, d);
            }
        }

        return nearest < 0 ? $"not enough different courses for {Words}" : below[nearest].Missing ?? below[nearest].Node;
    }

    private long WhenWithout(Evaluation evaluation, long from, long to)
    {
        if (count is { } needed)
        {
            List<Contribution> contributions = Contributing(evaluation, from, to);
            return contributions.Count < needed ? Rules.When.Never : contributions[needed - 1].When;
        }

        if (inOrder)
        {
            return WhenInOrder(evaluation, from, to);
        }

        long when = all ? long.MinValue : Rules.When.Never;
        foreach (RuleNode child in children)
        {
            long at = child.When(evaluation, from, to);
            when = all ? Math.Max(when, at) : Math.Min(when, at);
            if (all && at == Rules.When.Never)
            {
                break;
            }
        }

        return when;
    }

    // Each node as early as it can be after the one before it: whoever is later there is not earlier anywhere after it.
    private long WhenInOrder(Evaluation evaluation, long from, long to)
    {
        long when = from;
        bool isDated = true;
        foreach ((RuleNode child, long start) in Places(evaluation, from, to))
        {
            long at = child.When(evaluation, start, to);
            if (at == Rules.When.Never)
            {
                return at;
            }

            isDated &= at != Rules.When.Undated;
            when = at == Rules.When.Undated ? when : Math.Max(when, at);
        }

        return isDated ? when : Rules.When.Undated;
    }

    // The nodes, and from when on the facts of each count. What only a fact without a date fulfils may lie anywhere, and moves nothing.
    private IEnumerable<(RuleNode Child, long Start)> Places(Evaluation evaluation, long from, long to)
    {
        long start = from;
        foreach (RuleNode child in children)
        {
            long at = child.When(evaluation, start, to);
            bool isUndated = at == Rules.When.Never && start != from && child.When(evaluation, from, to) == Rules.When.Undated;
            yield return (child, isUndated ? from : start);
            start = at < Rules.When.Undated ? Math.Max(start, at) : start;
        }
    }

    // The first date at which everything that is needed lies within the length of time that ends there.
    private long FindWindow(Evaluation evaluation, ref long from, ref long to)
    {
        long whole = WhenWithout(evaluation, from, to);
        if (whole == Rules.When.Never)
        {
            return whole;
        }

        List<long> dates = [];
        CollectDates(evaluation, from, to, dates);
        dates.Sort();
        WindowSweep? sweep = dates.Count < WorthASweep || inOrder ? null : WindowSweep.Of(this, evaluation);
        long last = long.MinValue;
        foreach (long end in dates)
        {
            if (end == last)
            {
                continue;
            }

            last = end;
            long start = Math.Max(from, within!.Value.Before(new DateTimeOffset(end, TimeSpan.Zero)).UtcTicks);
            if (sweep?.IsFulfilled(start, end) ?? WhenWithout(evaluation, start, end) < Rules.When.Undated)
            {
                (from, to) = (start, end);
                return end;
            }
        }

        return whole == Rules.When.Undated ? whole : Rules.When.Never;
    }

    private void ChooseSome(Evaluation evaluation, long from, long to, int needed, List<Choice> chosen)
    {
        foreach (Contribution contribution in Contributing(evaluation, from, to).Take(needed))
        {
            if (contribution.Completion is { } completion)
            {
                chosen.Add(new Choice(completion, null, contribution.When));
            }
            else
            {
                contribution.Node.Choose(evaluation, from, to, chosen);
            }
        }
    }

    private List<Contribution> Contributing(Evaluation evaluation, long from, long to)
    {
        var found = new Contributions(children.Length);
        foreach (RuleNode child in children)
        {
            child.Contribute(evaluation, from, to, found);
        }

        List<Contribution> contributions = found.All;

        // At the same time, courses come before groups, and courses in the order of their keys: nothing depends on the order of arrival.
        contributions.Sort(static (a, b) =>
        {
            int order = a.When.CompareTo(b.When);
            return order != 0 ? order : (a.Completion, b.Completion) switch
            {
                (Completion x, Completion y) => CourseNode.ComesBefore(x, y) ? -1 : CourseNode.ComesBefore(y, x) ? 1 : 0,
                (Completion, null) => -1,
                (null, Completion) => 1,
                _ => string.CompareOrdinal(a.Node.Words, b.Node.Words),
            };
        });
        return contributions;
    }
}
