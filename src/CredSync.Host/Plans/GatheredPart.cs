using System.Buffers.Binary;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>What a line of a gathered history is.</summary>
internal enum GatheredKind : byte
{
    /// <summary>Somebody who answers for themselves.</summary>
    Person,

    /// <summary>A completion of theirs, or of somebody merged into them.</summary>
    Completion,

    /// <summary>An issuance of theirs, or of somebody merged into them.</summary>
    Issuance,
}

/// <summary>What one reader gathered, in blocks of bytes for each bucket: a million small objects would keep the collector busy.</summary>
internal sealed class GatheredPart(HistoryGathering whole) : IHistorySink
{
    private const int BlockSize = 4096;
    private const int HeadSize = 1 + 16 + 4;

    private readonly List<(byte[] Bytes, int Used)>?[] full = new List<(byte[], int)>?[HistoryGathering.Buckets];
    private readonly (byte[]? Bytes, int Used)[] open = new (byte[]?, int)[HistoryGathering.Buckets];
    private int until = HistoryGathering.Buckets;

    /// <summary>What unpacks it.</summary>
    public PackedFacts Facts { get; } = new();

    public bool Wants(Guid subject) => whole.Wants(whole.BucketOf(subject, out _));

    public void AddPerson(Guid subject) => Add(GatheredKind.Person, subject, []);

    public void AddCompletion(Guid subject, ReadOnlySpan<byte> json) => Add(GatheredKind.Completion, subject, Facts.Pack(json));

    public void AddIssuance(in HeldIssuance issuance, bool isReviewed) => Add(GatheredKind.Issuance, issuance.Key.Subject, Facts.Pack(issuance, isReviewed));

    /// <summary>What is there of a bucket.</summary>
    public IEnumerable<(GatheredKind Kind, Guid Root, ReadOnlyMemory<byte> Packed)> Records(int bucket)
    {
        IEnumerable<(byte[] Bytes, int Used)> blocks = full[bucket] ?? [];
        if (open[bucket].Bytes is { } last)
        {
            blocks = blocks.Append((last, open[bucket].Used));
        }

        foreach ((byte[] bytes, int used) in blocks)
        {
            for (int at = 0; at < used;)
            {
                int size = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 17));
                yield return ((GatheredKind)bytes[at], new Guid(bytes.AsSpan(at + 1, 16)), bytes.AsMemory(at + HeadSize, size));
                at += HeadSize + size;
            }
        }
    }

    /// <summary>Frees the memory of a bucket.</summary>
    public void GiveUp(int bucket) => (full[bucket], open[bucket]) = (null, default);

    private void Add(GatheredKind kind, Guid subject, ReadOnlySpan<byte> packed)
    {
        int bucket = whole.BucketOf(subject, out Guid root);

        // Who was merged into somebody does not answer for themselves.
        if (!whole.Wants(bucket) || (kind == GatheredKind.Person && root != subject))
        {
            return;
        }

        Span<byte> room = Room(bucket, HeadSize + packed.Length);
        room[0] = (byte)kind;
        root.TryWriteBytes(room[1..]);
        BinaryPrimitives.WriteInt32LittleEndian(room[17..], packed.Length);
        packed.CopyTo(room[HeadSize..]);
    }

    private Span<byte> Room(int bucket, int size)
    {
        ref (byte[]? Bytes, int Used) block = ref open[bucket];
        if (block.Bytes is null || block.Used + size > block.Bytes.Length)
        {
            if (block.Bytes is not null)
            {
                (full[bucket] ??= []).Add((block.Bytes, block.Used));
            }

            block = (new byte[Math.Max(BlockSize, size)], 0);
            whole.Grow(bucket, block.Bytes.Length);
            while (until > whole.Until)
            {
                GiveUp(--until);
            }

            // It may have been this bucket's turn to be given up; what is written then is not read.
            block.Bytes ??= new byte[size];
        }

        block.Used += size;
        return block.Bytes.AsSpan(block.Used - size, size);
    }
}
