using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace CredSync.OpenBadges.Status;

/// <summary>
/// Gives the n-th credential its place in the status lists. Each place is given once, and places do not tell who came before whom: in each
/// list the order is a keyed permutation of its indexes. Nothing needs to be stored but the count: take n from the ledger, never twice the same, also not
/// after a failed issuance.
/// </summary>
/// <remarks>
/// The permutation is a Feistel network of eight rounds with HMAC-SHA256 over the next even number of bits; a value outside the list is permuted
/// again until it falls inside (cycle walking, fewer than four times on average), which keeps it a permutation of the list's own indexes.
/// The key and the list's length must never change for an issuer: with another key the same n has another place.
/// </remarks>
public sealed class StatusAllocation
{
    private const int Rounds = 8;

    // What is remembered of each list, so that its places cost a look each instead of some sixteen keyed hashes: 16 kB for lists of the usual length.
    private const int LargestHalf = 12;
    private const int MostLists = 64;

    private readonly byte[] key;
    private readonly int halfBits;
    private readonly ConcurrentDictionary<int, long[]> mixed = new();

    /// <summary>Creates the allocation.</summary>
    /// <param name="key">A secret of at least 32 bytes.</param>
    /// <param name="length">Entries of each list. Default 131,072.</param>
    /// <exception cref="ArgumentOutOfRangeException">The key or the lists are too short.</exception>
    public StatusAllocation(ReadOnlySpan<byte> key, int length = BitstringStatusList.MinimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32, nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, BitstringStatusList.MinimumLength);
        this.key = key.ToArray();
        Length = length;
        halfBits = (BitOperations.Log2((uint)(length - 1)) + 2) / 2;
    }

    /// <summary>Entries of each list.</summary>
    public int Length { get; }

    /// <summary>The place of a credential.</summary>
    /// <param name="number">Its number, from 0; each number belongs to one credential for ever.</param>
    /// <returns>The place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or its list would have a number above 2,147,483,647.</exception>
    public StatusPlace Place(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        int list = checked((int)(number / Length));
        uint index = (uint)(number % Length);
        long[]? known = halfBits > LargestHalf ? null : Known(list);
        do
        {
            index = Permute(list, index, known);
        }
        while (index >= (uint)Length);
        return new(list, (int)index);
    }

    // Entry by entry as they are needed; zero is not yet known, so what is known is kept with one added. Two threads that find the same out write the same.
    private long[] Known(int list)
    {
        if (mixed.TryGetValue(list, out long[]? known))
        {
            return known;
        }

        if (mixed.Count >= MostLists)
        {
            mixed.Clear();
        }

        return mixed.GetOrAdd(list, _ => new long[Rounds << halfBits]);
    }

    private uint Permute(int list, uint value, long[]? known)
    {
        uint mask = (1u << halfBits) - 1;
        uint left = value >> halfBits;
        uint right = value & mask;
        for (int round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mix(list, round, right, known) & mask));
        }

        return (left << halfBits) | right;
    }

    private uint Mix(int list, int round, uint half, long[]? known)
    {
        if (known is null)
        {
            return Mix(list, round, half);
        }

        ref long entry = ref known[(round << halfBits) + (int)half];
        long value = Volatile.Read(ref entry);
        if (value == 0)
        {
            value = Mix(list, round, half) + 1L;
            Volatile.Write(ref entry, value);
        }

        return (uint)(value - 1);
    }

    private uint Mix(int list, int round, uint half)
    {
        Span<byte> input = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(input, list);
        BinaryPrimitives.WriteInt32BigEndian(input[4..], round);
        BinaryPrimitives.WriteUInt32BigEndian(input[8..], half);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}

/// <summary>A place in the status lists.</summary>
/// <param name="List">Number of the list, from 0.</param>
/// <param name="Index">Index in it.</param>
public readonly record struct StatusPlace(int List, int Index);
