using System.Buffers.Binary;
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

    private readonly byte[] key;
    private readonly int halfBits;

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
        do
        {
            index = Permute(list, index);
        }
        while (index >= (uint)Length);
        return new(list, (int)index);
    }

    private uint Permute(int list, uint value)
    {
        uint mask = (1u << halfBits) - 1;
        uint left = value >> halfBits;
        uint right = value & mask;
        for (int round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mix(list, round, right) & mask));
        }

        return (left << halfBits) | right;
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
