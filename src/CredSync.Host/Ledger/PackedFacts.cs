using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Host.Ledger;

/// <summary>
/// What rules look at, in a few dozen bytes each, so that a whole history fits into memory while it is put into the order of people. What repeats (courses, scores, sources,
/// credentials) is kept once, in tables that belong to this packing: only it can unpack what it packed. Packing is for one caller at a time; unpacking, afterwards, for any number.
/// </summary>
internal sealed class PackedFacts
{
    // More different ones than this are no repetition: they are kept with the fact itself.
    private const int MostRepeated = 1 << 16;
    private const int None = -1;
    private const int Inline = -2;

    private const byte KnowsPassed = 1;
    private const byte Passed = 2;
    private const byte KnowsConsent = 4;
    private const byte Consents = 8;
    private const byte HasDate = 16;
    private const byte Waits = 1;
    private const byte Reviewed = 2;
    private const byte HasEarned = 4;
    private const byte HasExpiry = 8;

    private readonly Table<Course> courses = new(json => Parse(json, StoredFacts.ReadCourse), MostRepeated);
    private readonly Table<Score> scores = new(json => Parse(json, StoredFacts.ReadScore), MostRepeated);
    private readonly Table<string> words = new(Encoding.UTF8.GetString, int.MaxValue);
    private byte[] buffer = new byte[512];
    private int length;

    private delegate T JsonRead<T>(ref Utf8JsonReader reader);

    /// <summary>Packs a stored completion.</summary>
    /// <param name="json">The stored text in UTF-8.</param>
    /// <returns>The packed facts, until the next call.</returns>
    public ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        ReadOnlySpan<byte> course = default, score = default, source = default, natural = default;
        var status = CompletionStatus.NotCompleted;
        var precision = default(TimePrecision);
        byte flags = 0;
        DateTimeOffset completedAt = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isSource = reader.ValueTextEquals("source"u8);
                    bool isNatural = reader.ValueTextEquals("naturalKey"u8);
                    reader.Read();
                    source = isSource ? Text(ref reader) : source;
                    natural = isNatural ? Text(ref reader) : natural;
                }
            }
            else if (reader.ValueTextEquals("course"u8))
            {
                course = Whole(ref reader, json);
            }
            else if (reader.ValueTextEquals("score"u8))
            {
                score = Whole(ref reader, json);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = StoredFacts.ReadStatus(ref reader);
            }
            else if (reader.ValueTextEquals("passed"u8))
            {
                reader.Read();
                flags |= reader.GetBoolean() ? (byte)(KnowsPassed | Passed) : KnowsPassed;
            }
            else if (reader.ValueTextEquals("consentGiven"u8))
            {
                reader.Read();
                flags |= reader.GetBoolean() ? (byte)(KnowsConsent | Consents) : KnowsConsent;
            }
            else if (reader.ValueTextEquals("completedAt"u8))
            {
                reader.Read();
                completedAt = reader.GetDateTimeOffset();
                flags |= HasDate;
            }
            else if (reader.ValueTextEquals("completedAtPrecision"u8))
            {
                precision = StoredFacts.ReadPrecision(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (course.IsEmpty)
        {
            throw new JsonException("A stored completion has no course.");
        }

        length = 0;
        Put((byte)status);
        Put((byte)precision);
        Put(flags);
        if ((flags & HasDate) != 0)
        {
            Put(completedAt);
        }

        Put(words.IdOf(source));
        PutRepeated(courses.IdOf(course), course);
        PutRepeated(score.IsEmpty ? None : scores.IdOf(score), score);
        Put(natural);
        return buffer.AsSpan(0, length);
    }

    /// <summary>Unpacks a completion; what no rule looks at is left out.</summary>
    public Completion Unpack(ReadOnlySpan<byte> packed)
    {
        var status = (CompletionStatus)Byte(ref packed);
        var precision = (TimePrecision)Byte(ref packed);
        byte flags = Byte(ref packed);
        DateTimeOffset? completedAt = (flags & HasDate) != 0 ? Time(ref packed) : null;
        string source = words[Number(ref packed)];
        Course course = Repeated(courses, ref packed)!;
        Score? score = Repeated(scores, ref packed);
        return new Completion
        {
            Key = new CompletionKey(source, Encoding.UTF8.GetString(Bytes(ref packed))),
            Identifiers = [],
            Course = course,
            Status = status,
            Passed = (flags & KnowsPassed) != 0 ? (flags & Passed) != 0 : null,
            CompletedAt = completedAt,
            CompletedAtPrecision = precision,
            Score = score,
            ConsentGiven = (flags & KnowsConsent) != 0 ? (flags & Consents) != 0 : null,
        };
    }

    /// <summary>Packs an issuance.</summary>
    /// <returns>The packed line, until the next call.</returns>
    public ReadOnlySpan<byte> Pack(in HeldIssuance issuance, bool isReviewed)
    {
        length = 0;
        Put((byte)issuance.State);
        Put((byte)((issuance.Waits ? Waits : 0) | (isReviewed ? Reviewed : 0) | (issuance.EarnedAt is null ? 0 : HasEarned) | (issuance.ExpiresAt is null ? 0 : HasExpiry)));
        Put(issuance.Key.Subject);
        Put(IdOf(issuance.Key.Definition));
        Put(issuance.Cause is { } cause ? IdOf(cause) : None);
        if (issuance.EarnedAt is { } earned)
        {
            Put(earned);
        }

        if (issuance.ExpiresAt is { } expires)
        {
            Put(expires);
        }

        Span<byte> occurrence = stackalloc byte[Encoding.UTF8.GetMaxByteCount(issuance.Key.Occurrence.Length)];
        Put(occurrence[..Encoding.UTF8.GetBytes(issuance.Key.Occurrence, occurrence)]);
        return buffer.AsSpan(0, length);
    }

    /// <summary>Unpacks an issuance.</summary>
    public (HeldIssuance Issuance, bool IsReviewed) UnpackIssuance(ReadOnlySpan<byte> packed)
    {
        var state = (IssuanceState)Byte(ref packed);
        byte flags = Byte(ref packed);
        var owner = new Guid(packed[..16]);
        packed = packed[16..];
        string definition = words[Number(ref packed)];
        int cause = Number(ref packed);
        DateTimeOffset? earned = (flags & HasEarned) != 0 ? Time(ref packed) : null;
        DateTimeOffset? expires = (flags & HasExpiry) != 0 ? Time(ref packed) : null;
        var key = new IssuanceKey(definition, owner, Encoding.UTF8.GetString(Bytes(ref packed)));
        return (new HeldIssuance(key, state, earned, expires) { Cause = cause == None ? null : words[cause], Waits = (flags & Waits) != 0 }, (flags & Reviewed) != 0);
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader) => reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;

    // The object after a property's name, as it is written.
    private static ReadOnlySpan<byte> Whole(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonRead<T> read)
    {
        var reader = new Utf8JsonReader(json);
        return read(ref reader);
    }

    private int IdOf(string word)
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(word.Length)];
        return words.IdOf(text[..Encoding.UTF8.GetBytes(word, text)]);
    }

    private Span<byte> Room(int count)
    {
        if (length + count > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        }

        length += count;
        return buffer.AsSpan(length - count, count);
    }

    private void Put(byte value) => Room(1)[0] = value;

    private void Put(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    private void Put(Guid value) => value.TryWriteBytes(Room(16));

    private void Put(DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(Room(2), (short)value.TotalOffsetMinutes);
    }

    private void Put(ReadOnlySpan<byte> value)
    {
        Put(value.Length);
        value.CopyTo(Room(value.Length));
    }

    private void PutRepeated(int id, ReadOnlySpan<byte> json)
    {
        Put(id);
        if (id == Inline)
        {
            Put(json);
        }
    }

    private static T? Repeated<T>(Table<T> table, ref ReadOnlySpan<byte> packed)
        where T : class
        => Number(ref packed) switch
        {
            None => null,
            Inline => table.Make(Bytes(ref packed)),
            var id => table[id],
        };

    private static byte Byte(ref ReadOnlySpan<byte> packed)
    {
        byte value = packed[0];
        packed = packed[1..];
        return value;
    }

    private static int Number(ref ReadOnlySpan<byte> packed)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(packed);
        packed = packed[4..];
        return value;
    }

    private static DateTimeOffset Time(ref ReadOnlySpan<byte> packed)
    {
        var value = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(packed), TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(packed[8..])));
        packed = packed[10..];
        return value;
    }

    private static ReadOnlySpan<byte> Bytes(ref ReadOnlySpan<byte> packed)
    {
        int count = Number(ref packed);
        ReadOnlySpan<byte> value = packed[..count];
        packed = packed[count..];
        return value;
    }

    /// <summary>Values that come again and again, each made once from its bytes.</summary>
    private sealed class Table<T>(Table<T>.Maker make, int most)
    {
        private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> ids = new Dictionary<byte[], int>(BytesComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        private readonly List<T> values = [];

        public delegate T Maker(ReadOnlySpan<byte> bytes);

        public T this[int id] => values[id];

        public T Make(ReadOnlySpan<byte> bytes) => make(bytes);

        public int IdOf(ReadOnlySpan<byte> bytes)
        {
            if (ids.TryGetValue(bytes, out int id))
            {
                return id;
            }

            if (values.Count >= most)
            {
                return Inline;
            }

            values.Add(make(bytes));
            ids.TryAdd(bytes, values.Count - 1);
            return values.Count - 1;
        }
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static BytesComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
