using System.Text;
using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Host.Ledger;
using CsCheck;

namespace CredSync.Host.Tests.Ledger;

/// <summary>Facts that are packed for a plan are, unpacked, what is read straight from what is stored.</summary>
public sealed class PackedFactsTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.OneOf("é\"\\", "日本語", "\u0001", "a/b|c", "😀"));

    private static readonly Gen<decimal?> Number = Gen.Decimal[-1000, 1000].Select(d => d > 500 ? (decimal?)null : d);

    private static readonly Gen<Course> SomeCourse = Gen.Select(Text, Text, Gen.Enum<ContentType>(), Text).Select((key, run, type, value) => new Course
    {
        Key = key, Run = run.Length == 0 ? null : run, ContentType = type, Title = value, Attributes = value.Length > 4 ? new Dictionary<string, string> { ["level"] = value, ["b"] = "" } : new Dictionary<string, string>(),
    });

    private static readonly Gen<Completion> SomeCompletion = Gen.Select(
        Gen.Select(Text, Text, SomeCourse), Gen.Enum<CompletionStatus>(), Gen.Enum<TimePrecision>(), Gen.Int[0, 2], Gen.Int[0, 2], Gen.Long[0, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay], Gen.Select(Number, Number, Number, Number))
        .Select((names, status, precision, passed, consent, ticks, score) => new Completion
        {
            Key = new CompletionKey(names.Item1, names.Item2),
            Identifiers = [new PersonIdentifier("external_id", names.Item2)],
            Course = names.Item3,
            Status = status,
            Passed = passed == 2 ? null : passed == 1,
            ConsentGiven = consent == 2 ? null : consent == 1,
            CompletedAt = ticks % 5 == 0 ? null : new DateTimeOffset(TimeSpan.TicksPerDay + ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(ticks % 7 * 90)),
            CompletedAtPrecision = precision,
            Score = ticks % 4 == 0 ? null : new Score { Scaled = score.Item1, Raw = score.Item2, Min = score.Item3, Max = score.Item4, Text = "B+" },
            Evidence = [new Evidence("x")],
        });

    [Fact]
    public void Unpacked_they_are_what_is_read_from_the_stored_text() => SomeCompletion.Array[1, 30].Sample(
        completions =>
        {
            var packing = new PackedFacts();
            byte[][] packed = [.. completions.Select(c => packing.Pack(Stored(c)).ToArray())];
            for (int i = 0; i < completions.Length; i++)
            {
                Completion read = StoredFacts.Read(Stored(completions[i]));
                Completion unpacked = packing.Unpack(packed[i]);
                CompletionHash.Of(unpacked).ShouldBe(CompletionHash.Of(read));
                (unpacked.Key, unpacked.CompletedAt, unpacked.CompletedAtPrecision, unpacked.Score).ShouldBe((read.Key, read.CompletedAt, read.CompletedAtPrecision, read.Score));
            }
        },
        iter: 500);

    [Fact]
    public void What_repeats_is_kept_once_and_what_does_not_is_kept_with_its_fact()
    {
        var packing = new PackedFacts();
        Completion one = new()
        {
            Key = new CompletionKey("s", "1"), Identifiers = [], Course = new Course { Key = "C" }, Status = CompletionStatus.Completed, Score = new Score { Scaled = 0.5m },
        };
        ReferenceEquals(packing.Unpack(packing.Pack(Stored(one)).ToArray()).Course, packing.Unpack(packing.Pack(Stored(one)).ToArray()).Course).ShouldBeTrue();
        for (int i = 0; i < 70_000; i++)
        {
            packing.Pack(Stored(one with { Course = new Course { Key = $"C-{i}" } }));
        }

        packing.Unpack(packing.Pack(Stored(one with { Course = new Course { Key = "another" } })).ToArray()).Course.Key.ShouldBe("another");
        packing.Unpack(packing.Pack(Stored(one)).ToArray()).Course.Key.ShouldBe("C");
    }

    private static byte[] Stored(Completion completion) => Encoding.UTF8.GetBytes(LedgerJson.Write(completion));
}
