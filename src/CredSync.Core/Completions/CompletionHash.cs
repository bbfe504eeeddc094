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
    /// <summary>Hashes the content of a completion.</summary>
    /// <param name="completion">The completion.</param>
    /// <returns>
    /// SHA-256 as 64 lower-case hexadecimal digits. The same content gives the same hash whatever the order of identifiers and
    /// attributes, the offset in which times are written, and the trailing zeros of numbers.
    /// </returns>
    public static string Of(Completion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        var text = new CanonicalBytes();
        WriteIdentifiers(text, completion.Identifiers);
        text.Text(completion.PersonName);
        WriteCourse(text, completion.Course);
        text.Number((int)completion.Status);
        text.Flag(completion.Passed);
        text.Time(completion.CompletedAt);
        text.Number(completion.CompletedAt is null ? 0 : (int)completion.CompletedAtPrecision);
        WriteScore(text, completion.Score);
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
        return text.Hash();
    }

    private static void WriteIdentifiers(CanonicalBytes text, IReadOnlyList<PersonIdentifier> identifiers)
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

    private static void WriteCourse(CanonicalBytes text, Course course)
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

    private static void WriteScore(CanonicalBytes text, Score? score)
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

    // Every value is written with its length or its absence, so that no two different contents give the same bytes.
    private sealed class CanonicalBytes
    {
        private readonly ArrayBufferWriter<byte> bytes = new(512);

        public void Text(string? value)
        {
            if (value is null)
            {
                Number(-1);
                return;
            }

            int length = Encoding.UTF8.GetByteCount(value);
            Number(length);
            Encoding.UTF8.GetBytes(value, bytes.GetSpan(length));
            bytes.Advance(length);
        }

        public void Number(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(4), value);
            bytes.Advance(4);
        }

        public void Flag(bool? value) => Number(value switch { null => -1, false => 0, true => 1 });

        public void Time(DateTimeOffset? value)
        {
            Flag(value is not null);
            if (value is { } time)
            {
                BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(8), time.UtcTicks);
                bytes.Advance(8);
            }
        }

        public void Decimal(decimal? value)
        {
            Flag(value is not null);
            if (value is { } number)
            {
                // Dividing by one with 28 zeros removes trailing zeros: 0.80 and 0.8 are the same result.
                Span<int> parts = stackalloc int[4];
                decimal.GetBits(number / 1.0000000000000000000000000000m, parts);
                foreach (int part in parts)
                {
                    Number(part);
                }
            }
        }

        public string Hash()
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.WrittenSpan, hash);
            return Convert.ToHexStringLower(hash);
        }
    }
}
