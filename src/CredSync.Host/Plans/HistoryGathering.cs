using System.Buffers.Binary;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>
/// Puts a history into the order of people while several scans read it in the order in which it is stored: reading a large table person by person costs a jump for each line. People are
/// spread over buckets by the beginning of their subject ids; when what was gathered grows over its budget, the last buckets are given up and left to another round.
/// </summary>
/// <param name="ties">Who was merged into whom, and what people said.</param>
/// <param name="first">The first bucket that is wanted.</param>
/// <param name="budget">How many bytes to gather at most, more or less; one bucket is always gathered whole.</param>
internal sealed class HistoryGathering(PersonTies ties, int first, long budget)
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 1024;

    private readonly Lock gate = new();
    private readonly List<GatheredPart> parts = [];
    private readonly long[] sizes = new long[Buckets];
    private long total;
    private volatile int until = Buckets;

    /// <summary>The first bucket after those that are gathered.</summary>
    public int Until => until;

    /// <summary>Makes the place for what one reader finds.</summary>
    public GatheredPart Part()
    {
        var part = new GatheredPart(this);
        lock (gate)
        {
            parts.Add(part);
        }

        return part;
    }

    /// <summary>The people of a bucket in the order of their ids, once: what was gathered of them is given up. Only when all scans are done.</summary>
    public IReadOnlyList<PlanPerson> Take(int bucket)
    {
        var people = new Dictionary<Guid, Person>();
        foreach (GatheredPart part in parts)
        {
            foreach ((GatheredKind kind, Guid root, ReadOnlyMemory<byte> _) in part.Records(bucket))
            {
                if (kind == GatheredKind.Person)
                {
                    people.Add(root, new Person(root, ties.ConsentsOf(root)));
                }
            }
        }

        foreach (GatheredPart part in parts)
        {
            foreach ((GatheredKind kind, Guid root, ReadOnlyMemory<byte> packed) in part.Records(bucket))
            {
                if (kind != GatheredKind.Person && people.TryGetValue(root, out Person? person))
                {
                    person.Add(kind, part.Facts, packed.Span);
                }
            }

            part.GiveUp(bucket);
        }

        return [.. people.OrderBy(p => p.Key).Select(p => p.Value.ToPlanPerson())];
    }

    /// <summary>The bucket of somebody, and who answers for them.</summary>
    internal int BucketOf(Guid subject, out Guid root)
    {
        root = ties.RootOf(subject);
        Span<byte> bytes = stackalloc byte[16];
        root.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes) >> 6;
    }

    internal bool Wants(int bucket) => bucket >= first && bucket < until;

    /// <summary>Counts memory that a bucket takes.</summary>
    internal void Grow(int bucket, int size)
    {
        Interlocked.Add(ref sizes[bucket], size);
        if (Interlocked.Add(ref total, size) <= budget)
        {
            return;
        }

        lock (gate)
        {
            while (Interlocked.Read(ref total) > budget && until > first + 1)
            {
                until--;
                Interlocked.Add(ref total, -Interlocked.Read(ref sizes[until]));
            }
        }
    }

    private sealed class Person(Guid subject, IReadOnlyList<ConsentFact> consents)
    {
        private readonly List<Completion> completions = [];
        private readonly List<(HeldIssuance Issuance, bool IsReviewed)> issuances = [];

        public void Add(GatheredKind kind, PackedFacts facts, ReadOnlySpan<byte> packed)
        {
            if (kind == GatheredKind.Completion)
            {
                completions.Add(facts.Unpack(packed));
            }
            else
            {
                issuances.Add(facts.UnpackIssuance(packed));
            }
        }

        // In the order of keys: how many readers there were, and which of them came first, must not show anywhere.
        public PlanPerson ToPlanPerson()
        {
            completions.Sort(static (a, b) => string.CompareOrdinal(a.Key.Source, b.Key.Source) is var source and not 0 ? source : string.CompareOrdinal(a.Key.NaturalKey, b.Key.NaturalKey));
            issuances.Sort(static (a, b) => Compare(a.Issuance.Key, b.Issuance.Key));
            return new PlanPerson
            {
                History = new PersonHistory { Subject = subject, Completions = completions, Issuances = issuances.Count == 0 ? [] : [.. issuances.Select(i => i.Issuance)], Consents = consents },
                Unsent = issuances.Count == 0 ? [] : [.. issuances.Where(i => i.Issuance.Waits).Select(i => i.Issuance.Key)],
                Reviewed = issuances.Count == 0 ? [] : [.. issuances.Where(i => i.IsReviewed).Select(i => i.Issuance.Key)],
            };
        }

        private static int Compare(IssuanceKey a, IssuanceKey b) =>
            string.CompareOrdinal(a.Definition, b.Definition) is var definition and not 0 ? definition
            : a.Subject.CompareTo(b.Subject) is var subject and not 0 ? subject
            : string.CompareOrdinal(a.Occurrence, b.Occurrence);
    }
}
