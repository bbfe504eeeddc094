using System.Runtime.CompilerServices;

namespace CredSync.OpenBadges.Rdf;

/// <summary>
/// Hash N-Degree Quads (RDFC-1.0 section 4.8): tells blank nodes apart by their neighbours when their own quads look the same. Its work
/// can grow with the factorial of the number of such nodes, so it is bounded for the whole dataset.
/// </summary>
internal sealed class NDegreeHash(Rdfc10 run)
{
    /// <summary>
    /// How much may be done for one dataset: an order of neighbours that is tried costs the number of neighbours, and one more for every four labels
    /// that must be copied for it; looking at a node costs its quads. Real credentials need tens, the hardest solvable graph of the W3C suite a few thousand; the bound is reached in about a second.
    /// </summary>
    private const int LargestWork = 1_000_000;

    private int work;

    public (byte[] Hash, LabelIssuer Issuer) Compute(int blank, LabelIssuer issuer)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TooMuch();
        Spend(run.Mentions.Of(blank).Length);
        ByteText data = new(256);
        foreach ((byte[] hash, List<int> related) in Neighbours(blank, issuer))
        {
            data.Append(hash);
            issuer = Smallest(related, issuer, data);
        }

        return (run.Hash(data.Written), issuer);
    }

    /// <summary>Tries every order of the nodes, appends the smallest path and gives back the issuer that made it.</summary>
    private LabelIssuer Smallest(List<int> related, LabelIssuer issuer, ByteText data)
    {
        byte[]? chosen = null;
        LabelIssuer chosenIssuer = issuer;
        int[] order = [.. related];
        Array.Sort(order);
        do
        {
            Spend(order.Length + (issuer.Order.Count / 4));
            LabelIssuer candidate = issuer.Copy();
            ByteText path = new(128);
            if (TryWalk(order, ref candidate, path, chosen))
            {
                chosen = path.Written.ToArray();
                chosenIssuer = candidate;
            }
        }
        while (NextOrder(order));

        data.Append(chosen);
        return chosenIssuer;
    }

    /// <summary>Builds the path of one order; false as soon as it cannot become smaller than the chosen one.</summary>
    private bool TryWalk(int[] order, ref LabelIssuer candidate, ByteText path, byte[]? chosen)
    {
        List<int> toRecurse = [];
        foreach (int node in order)
        {
            if (run.Canonical.TryGet(node, out int label))
            {
                path.Append("_:c14n"u8);
                path.Append(label);
            }
            else
            {
                if (!candidate.TryGet(node, out _)) toRecurse.Add(node);
                path.Append("_:b"u8);
                path.Append(candidate.Issue(node));
            }

            if (Exceeds(path, chosen)) return false;
        }

        foreach (int node in toRecurse)
        {
            (byte[] hash, LabelIssuer next) = Compute(node, candidate);
            path.Append("_:b"u8);
            path.Append(candidate.Issue(node));
            path.Append((byte)'<');
            path.Append(hash);
            path.Append((byte)'>');
            candidate = next;
            if (Exceeds(path, chosen)) return false;
        }

        return chosen is null || path.Written.SequenceCompareTo(chosen) < 0;
    }

    private static bool Exceeds(ByteText path, byte[]? chosen) =>
        chosen is not null && path.Length >= chosen.Length && path.Written.SequenceCompareTo(chosen) > 0;

    /// <summary>The other blank nodes of the node's quads, by the hash of how they are related (section 4.7), in the order of the hashes.</summary>
    private IEnumerable<(byte[] Hash, List<int> Related)> Neighbours(int blank, LabelIssuer issuer)
    {
        SortedDictionary<byte[], List<int>> found = new(HashOrder.Instance);
        foreach (int number in run.Mentions.Of(blank))
        {
            RdfQuad quad = run.Dataset.Quads[number];
            Add(quad, quad.Subject, (byte)'s');
            Add(quad, quad.Object, (byte)'o');
            Add(quad, quad.Graph, (byte)'g');
        }

        return found.Select(pair => (pair.Key, pair.Value));

        void Add(in RdfQuad quad, RdfTerm term, byte position)
        {
            if (!term.IsBlank || term.Blank == blank) return;
            byte[] hash = RelatedHash(quad, term.Blank, issuer, position);
            if (found.TryGetValue(hash, out List<int>? related)) related.Add(term.Blank);
            else found.Add(hash, [term.Blank]);
        }
    }

    private byte[] RelatedHash(in RdfQuad quad, int related, LabelIssuer issuer, byte position)
    {
        ByteText input = new(128);
        input.Append(position);
        if (position != (byte)'g') input.Append(quad.Predicate.Text);
        if (run.Canonical.TryGet(related, out int label))
        {
            input.Append("_:c14n"u8);
            input.Append(label);
        }
        else if (issuer.TryGet(related, out label))
        {
            input.Append("_:b"u8);
            input.Append(label);
        }
        else
        {
            input.Append(run.FirstDegree(related));
        }

        return run.Hash(input.Written);
    }

    /// <summary>The next order in lexicographic sequence; false after the last. Equal entries are not swapped with each other.</summary>
    private static bool NextOrder(int[] order)
    {
        int pivot = order.Length - 2;
        while (pivot >= 0 && order[pivot] >= order[pivot + 1]) pivot--;
        if (pivot < 0) return false;
        int successor = order.Length - 1;
        while (order[successor] <= order[pivot]) successor--;
        (order[pivot], order[successor]) = (order[successor], order[pivot]);
        Array.Reverse(order, pivot + 1, order.Length - pivot - 1);
        return true;
    }

    private void Spend(int amount)
    {
        work += amount;
        if (work > LargestWork) throw TooMuch();
    }

    private static CanonicalizationException TooMuch() =>
        new("The document has too many blank nodes that look alike to be canonicalized within bounds; give its nested objects ids.");

    private sealed class HashOrder : IComparer<byte[]>
    {
        public static readonly HashOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
