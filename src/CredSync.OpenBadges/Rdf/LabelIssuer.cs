namespace CredSync.OpenBadges.Rdf;

/// <summary>Hands out labels to blank nodes in the order in which they are asked for (RDFC-1.0 section 4.5).</summary>
internal sealed class LabelIssuer
{
    private readonly Dictionary<int, int> numbers;
    private readonly List<int> order;

    public LabelIssuer()
    {
        numbers = [];
        order = [];
    }

    private LabelIssuer(LabelIssuer other)
    {
        numbers = new Dictionary<int, int>(other.numbers);
        order = [.. other.order];
    }

    /// <summary>The labelled nodes, in the order of their labels.</summary>
    public IReadOnlyList<int> Order => order;

    public bool TryGet(int blank, out int number) => numbers.TryGetValue(blank, out number);

    public int Issue(int blank)
    {
        if (numbers.TryGetValue(blank, out int number)) return number;
        number = order.Count;
        numbers.Add(blank, number);
        order.Add(blank);
        return number;
    }

    public LabelIssuer Copy() => new(this);
}
