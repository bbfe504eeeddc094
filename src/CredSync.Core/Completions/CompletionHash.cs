using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CredSync.Completions;

namespace CredSync.Core.Completions;

/// <summary>
/// The hash by which a re-read completion is told from a changed one. It covers everything that a completion says, and nothing
/// of how it was told: not the key, not <see cref="Completion.SourceUpdatedAt"/>, not <see cref="Completion.SourceEventId"/>.
/// </summary>
public static class CompletionHash
{
    private const int InPlace = 1024;

    /// <summary>Hashes the content of a completion.</summary>
    /// <param name="completion">The completion.</param>
    /// <returns>
    /// SHA-256 as 64 lower-case hexadecimal digits. The same content gives the same hash whatever the order of identifiers and
    /// attributes, the offset in which times are written, and the trailing zeros of numbers.
    /// </returns>
    public static string Of(Completion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        var text = new CanonicalBytes(stackalloc byte[InPlace]);
        try
        {
            Write(ref text, completion);
            return text.Hash();
        }
        finally
        {
            text.Dispose();
        }
    }

    private static void Write(ref CanonicalBytes text, Completion completion)
    {
        WriteIdentifiers(ref text, completion.Identifiers);
        text.Text(completion.PersonName);
        WriteCourse(ref text, completion.Course);
        text.Number((int)completion.Status);
        text.Flag(completion.Passed);
        text.Time(completion.CompletedAt);
        text.Number(completion.CompletedAt is null ? 0 : (int)completion.CompletedAtPrecision);
        WriteScore(ref text, completion.Score);
        text.Text(completion.CertificateUrl?.OriginalString);
        text.Number(completion.Evidence.Count);
        foreach (Evidence evidence in completion.Evidence)
        {
            text.Text(evidence.Name);
            text.Text(evidence.Url?.OriginalString);
            text.Text(evidence.Detail);
        }

        text.Flag(completion.ConsentGiven);
        text.Text(completion.StatusReason);
    }

    private static void WriteIdentifiers(ref CanonicalBytes text, IReadOnlyList<PersonIdentifier> identifiers)
    {
        PersonIdentifier[] sorted = [.. identifiers];
        Array.Sort(sorted, static (a, b) =>
        {
            int order = string.CompareOrdinal(a.Kind, b.Kind);
            order = order != 0 ? order : string.CompareOrdinal(a.Value, b.Value);
            return order != 0 ? order : a.Verified.CompareTo(b.Verified);
        });
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[distinct++] = sorted[i];
            }
        }

        text.Number(distinct);
        foreach (PersonIdentifier identifier in sorted.AsSpan(0, distinct))
        {
            text.Text(identifier.Kind);
            text.Text(identifier.Value);
            text.Flag(identifier.Verified);
        }
    }

    private static void WriteCourse(ref CanonicalBytes text, Course course)
    {
        text.Text(course.Key);
        text.Text(course.Run);
        text.Text(course.Title);
        text.Number((int)course.ContentType);
        text.Number(course.Attributes.Count);
        if (course.Attributes.Count == 0)
        {
            return;
        }

        foreach (KeyValuePair<string, string> attribute in course.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            text.Text(attribute.Key);
            text.Text(attribute.Value);
        }
    }

    private static void WriteScore(ref CanonicalBytes text, Score? score)
    {
        text.Flag(score is not null);
        if (score is null)
        {
            return;
        }

        text.Decimal(score.Scaled);
        text.Decimal(score.Raw);
        text.Decimal(score.Min);
        text.Decimal(score.Max);
        text.Text(score.Text);
    }

    // Every value is written with its length or its absence, so that no two different contents give the same bytes. Most completions fit into memory of the stack: this is done for each that is read again.
    private ref struct CanonicalBytes(Span<byte> first)
    {
        private Span<byte> bytes = first;
        private byte[]? rented;
        private int used;

        public void Text(string? value)
        {
            if (value is null)
            {
                Number(-1);
                return;
            }

            Span<byte> room = Room(sizeof(int) + Encoding.UTF8.GetMaxByteCount(value.Length));
            int length = Encoding.UTF8.GetBytes(value, room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(room, length);
            used += sizeof(int) + length;
        }

        public void Number(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);
            used += sizeof(int);
        }

        public void Flag(bool? value) => Number(value switch { null => -1, false => 0, true => 1 });

        public void Time(DateTimeOffset? value)
        {
            Flag(value is not null);
            if (value is { } time)
            {
                BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), time.UtcTicks);
                used += sizeof(long);
            }
        }

        public void Decimal(decimal? value)
        {
            Flag(value is not null);
            if (value is { } number)
            {
                // Dividing by one with 28 zeros removes trailing zeros: 0.80 and 0.8 are the same result. It is dear, and hardly any number has them; of large ones it is not even asked.
                Span<int> parts = stackalloc int[4];
                decimal.GetBits(number, parts);
                if (number.Scale > 0 && ((parts[1] | parts[2]) != 0 || (uint)parts[0] % 10 == 0))
                {
                    decimal.GetBits(number / 1.0000000000000000000000000000m, parts);
                }

                foreach (int part in parts)
                {
                    Number(part);
                }
            }
        }

        public readonly string Hash()
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes[..used], hash);
            return Convert.ToHexStringLower(hash);
        }

        public void Dispose()
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
                rented = null;
            }
        }

        private Span<byte> Room(int size)
        {
            if (bytes.Length - used < size)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, used + size));
                bytes[..used].CopyTo(larger);
                Dispose();
                bytes = rented = larger;
            }

            return bytes[used..];
        }
    }
}
