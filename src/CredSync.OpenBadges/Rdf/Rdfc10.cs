using System.Security.Cryptography;

namespace CredSync.OpenBadges.Rdf;

/// <summary>RDF Dataset Canonicalization 1.0 (RDFC-1.0): the same bytes for all spellings of the same graph.</summary>
internal sealed class Rdfc10
{
    private readonly RdfDataset dataset;
    private readonly BlankNodeQuads mentions;
    private readonly HashAlgorithmName algorithm;
    private readonly byte[]?[] firstDegree;
    private readonly LabelIssuer canonical = new();
    private readonly LineSet lines;

    private Rdfc10(RdfDataset dataset, HashAlgorithmName algorithm)
    {
        this.dataset = dataset;
        lines = dataset.Lines;
        this.algorithm = algorithm;
        mentions = new BlankNodeQuads(dataset);
        firstDegree = new byte[dataset.BlankCount][];
    }

    public RdfDataset Dataset => dataset;

    public BlankNodeQuads Mentions => mentions;

    public LabelIssuer Canonical => canonical;

    /// <summary>Canonical N-Quads: sorted, each line once, UTF-8.</summary>
    public static byte[] Canonicalize(RdfDataset dataset) => Canonicalize(dataset, HashAlgorithmName.SHA256, out _);

    /// <summary>Canonical N-Quads, and the canonical number of each blank node.</summary>
    public static byte[] Canonicalize(RdfDataset dataset, HashAlgorithmName algorithm, out int[] labels)
    {
        Rdfc10 run = new(dataset, algorithm);
        run.Label();
        labels = new int[dataset.BlankCount];
        for (int blank = 0; blank < labels.Length; blank++)
            labels[blank] = run.canonical.TryGet(blank, out int number) ? number : -1;
        return run.Write(labels);
    }

    /// <summary>Lower-case hexadecimal digits of the hash of some text.</summary>
    public byte[] Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int length = CryptographicOperations.HashData(algorithm, text, hash);
        byte[] digits = new byte[length * 2];
        for (int index = 0; index < length; index++)
        {
            digits[2 * index] = "0123456789abcdef"u8[hash[index] >> 4];
            digits[(2 * index) + 1] = "0123456789abcdef"u8[hash[index] & 15];
        }

        return digits;
    }

    /// <summary>Hash First Degree Quads, section 4.6.</summary>
    public byte[] FirstDegree(int blank)
    {
        if (firstDegree[blank] is { } hash) return hash;
        lines.Clear();
        foreach (int number in mentions.Of(blank))
        {
            RdfQuad quad = dataset.Quads[number];
            AppendMasked(quad.Subject, blank);
            lines.Text.Append((byte)' ');
            lines.Text.Append(quad.Predicate.Text);
            lines.Text.Append((byte)' ');
            AppendMasked(quad.Object, blank);
            if (!quad.Graph.IsDefaultGraph)
            {
                lines.Text.Append((byte)' ');
                AppendMasked(quad.Graph, blank);
            }

            lines.Text.Append(" .\n"u8);
            lines.EndLine();
        }

        hash = Hash(lines.Sorted());
        firstDegree[blank] = hash;
        return hash;
    }

    /// <summary>Section 4.4.3: unique first-degree hashes give labels at once, shared ones need the n-degree hash.</summary>
    private void Label()
    {
        int[] byHash = [.. Enumerable.Range(0, dataset.BlankCount).Where(blank => mentions.Of(blank).Length > 0)];
        Array.Sort(byHash, (left, right) => FirstDegree(left).AsSpan().SequenceCompareTo(FirstDegree(right)));
        List<Range>? shared = null;
        for (int start = 0, end; start < byHash.Length; start = end)
        {
            for (end = start + 1; end < byHash.Length && FirstDegree(byHash[start]).AsSpan().SequenceEqual(FirstDegree(byHash[end])); end++) ;
            if (end == start + 1) canonical.Issue(byHash[start]);
            else (shared ??= []).Add(start..end);
        }

        if (shared is null) return;
        NDegreeHash nDegree = new(this);
        foreach (Range group in shared) LabelShared(byHash[group], nDegree);
    }

    private void LabelShared(int[] group, NDegreeHash nDegree)
    {
        List<(byte[] Hash, LabelIssuer Issuer)> paths = [];
        foreach (int blank in group)
        {
            if (canonical.TryGet(blank, out _)) continue;
            LabelIssuer temporary = new();
            temporary.Issue(blank);
            paths.Add(nDegree.Compute(blank, temporary));
        }

        paths.Sort((left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
        foreach ((_, LabelIssuer issuer) in paths)
        {
            foreach (int blank in issuer.Order) canonical.Issue(blank);
        }
    }

    private void AppendMasked(RdfTerm term, int blank)
    {
        if (!term.IsBlank) lines.Text.Append(term.Text);
        else lines.Text.Append(term.Blank == blank ? "_:a"u8 : "_:z"u8);
    }

    private byte[] Write(int[] labels)
    {
        lines.Clear();
        foreach (RdfQuad quad in dataset.Quads)
        {
            Append(quad.Subject, labels);
            lines.Text.Append((byte)' ');
            lines.Text.Append(quad.Predicate.Text);
            lines.Text.Append((byte)' ');
            Append(quad.Object, labels);
            if (!quad.Graph.IsDefaultGraph)
            {
                lines.Text.Append((byte)' ');
                Append(quad.Graph, labels);
            }

            lines.Text.Append(" .\n"u8);
            lines.EndLine();
        }

        return lines.Sorted();
    }

    private void Append(RdfTerm term, int[] labels)
    {
        if (!term.IsBlank)
        {
            lines.Text.Append(term.Text);
            return;
        }

        lines.Text.Append("_:c14n"u8);
        lines.Text.Append(labels[term.Blank]);
    }
}
