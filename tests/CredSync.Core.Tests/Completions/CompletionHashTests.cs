using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CredSync.Completions;
using CredSync.Core.Completions;
using CsCheck;

namespace CredSync.Core.Tests.Completions;

/// <summary>The hash stands in every ledger: were it to change, an upgrade would take all that is known for changed.</summary>
public sealed class CompletionHashTests
{
    private static readonly Completion Zoe = new()
    {
        Key = new CompletionKey("campus", "7|SAFETY-101"),
        Identifiers = [new PersonIdentifier("lms_user_id", "7"), new PersonIdentifier("email", "zoë@northwind.example", Verified: true), new PersonIdentifier("lms_user_id", "7")],
        PersonName = "Zoë Ólafsdóttir",
        Course = new Course { Key = "SAFETY-101", Run = "2025-03", Title = "Safety Basics", Attributes = new Dictionary<string, string> { ["tag"] = "safety", ["shortname"] = "SB" } },
        Status = CompletionStatus.Completed,
        Passed = true,
        CompletedAt = new DateTimeOffset(2025, 3, 1, 16, 2, 0, TimeSpan.FromHours(2)),
        CompletedAtPrecision = TimePrecision.Instant,
        Score = new Score { Scaled = 0.930m, Raw = 93.0m, Max = 100m, Text = "93 %" },
        CertificateUrl = new Uri("https://moodle.example/cert/7"),
        Evidence = [new Evidence("Certificate", null, "seen")],
        ConsentGiven = true,
    };

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.String[0, 40], Gen.String[0, 400], Gen.OneOf("", "E0000001", "Zoë", "名前", "\ud83c\udf93", "\ud800", "odd\0key"), Gen.Const(new string('ä', 5000)));

    private static readonly Gen<decimal?> Numbers = Gen.OneOf(
        Gen.Const((decimal?)null),
        Gen.Decimal.Select(d => (decimal?)d),
        Gen.Select(Gen.Int, Gen.Int[0, 28], Gen.Bool, (mantissa, scale, negative) => (decimal?)new decimal(mantissa, 0, 0, negative, (byte)scale)),
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 6], (mantissa, scale) => (decimal?)new decimal(mantissa * 100, 0, 0, false, (byte)scale)),
        Gen.OneOf<decimal?>(0m, 0.00m, new decimal(0, 0, 0, true, 0), new decimal(0, 0, 0, true, 5), decimal.MaxValue, decimal.MinValue, 1e-28m, 0.80m, 100m, 4294967296.0m, 42949672960m));

    private static readonly Gen<Completion> Any = Gen.Select(
        Gen.Select(Words, Words, Gen.Bool, (kind, value, verified) => new PersonIdentifier(kind, value, verified)).Array[0, 5],
        Gen.Select(Words, Gen.Null(Words), Gen.Null(Words), Gen.Dictionary(Words, Words)[0, 4], Gen.Int[0, 3],
            (key, run, title, attributes, type) => new Course { Key = key, Run = run, Title = title, Attributes = attributes, ContentType = (ContentType)type }),
        Gen.Select(Numbers, Numbers, Numbers, Numbers, Gen.Null(Words), (scaled, raw, min, max, text) => new Score { Scaled = scaled, Raw = raw, Min = min, Max = max, Text = text }),
        Gen.Select(Gen.Long[0, 3_000_000_000_000_000_000], Gen.Int[-14, 14], (ticks, offset) => new DateTimeOffset(ticks + TimeSpan.TicksPerDay, TimeSpan.Zero).ToOffset(TimeSpan.FromHours(offset))),
        Gen.Select(Gen.Null(Words), Gen.Null(Words), Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[-1, 1]),
        Gen.Select(Words, Gen.Null(Words), (name, detail) => new Evidence(name, name.Length % 2 == 0 ? new Uri("https://x.example/é") : null, detail)).Array[0, 3],
        (identifiers, course, score, at, rest, evidence) => Zoe with
        {
            Identifiers = identifiers,
            Course = course,
            Score = rest.Item5 == 0 ? null : score,
            CompletedAt = rest.Item5 == 1 ? null : at,
            PersonName = rest.Item1,
            StatusReason = rest.Item2,
            Status = (CompletionStatus)rest.Item3,
            CompletedAtPrecision = (TimePrecision)rest.Item4,
            Passed = rest.Item5 switch { 0 => null, 1 => true, _ => false },
            CertificateUrl = rest.Item3 == 0 ? null : Zoe.CertificateUrl,
            Evidence = evidence,
            ConsentGiven = rest.Item4 switch { 0 => null, 1 => true, _ => false },
        });

    [Fact]
    public void A_hash_that_stands_in_a_ledger_is_what_it_was() =>
        CompletionHash.Of(Zoe).ShouldBe("0fa21a31f3b6ef56587aa0cdd8bff23f97f88b25ee7f454478fe25ab09009f2f", "computed by another program");

    [Fact]
    public void A_completion_is_hashed_as_its_written_form_says() => Any.Sample(c => CompletionHash.Of(c).ShouldBe(Written.Hash(c)));

    // The form in which it is hashed, put down in the plainest way.
    private sealed class Written
    {
        private readonly MemoryStream bytes = new();

        public static string Hash(Completion c)
        {
            var form = new Written();
            PersonIdentifier[] identifiers =
                [.. c.Identifiers.OrderBy(i => i.Kind, StringComparer.Ordinal).ThenBy(i => i.Value, StringComparer.Ordinal).ThenBy(i => i.Verified).Distinct()];
            form.Number(identifiers.Length);
            foreach (PersonIdentifier identifier in identifiers)
            {
                form.Text(identifier.Kind);
                form.Text(identifier.Value);
                form.Flag(identifier.Verified);
            }

            form.Text(c.PersonName);
            form.Text(c.Course.Key);
            form.Text(c.Course.Run);
            form.Text(c.Course.Title);
            form.Number((int)c.Course.ContentType);
            form.Number(c.Course.Attributes.Count);
            foreach ((string name, string value) in c.Course.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                form.Text(name);
                form.Text(value);
            }

            form.Number((int)c.Status);
            form.Flag(c.Passed);
            form.Flag(c.CompletedAt is not null);
            if (c.CompletedAt is { } at)
            {
                form.Long(at.UtcTicks);
            }

            form.Number(c.CompletedAt is null ? 0 : (int)c.CompletedAtPrecision);
            form.Flag(c.Score is not null);
            if (c.Score is { } score)
            {
                form.Decimal(score.Scaled);
                form.Decimal(score.Raw);
                form.Decimal(score.Min);
                form.Decimal(score.Max);
                form.Text(score.Text);
            }

            form.Text(c.CertificateUrl?.OriginalString);
            form.Number(c.Evidence.Count);
            foreach (Evidence evidence in c.Evidence)
            {
                form.Text(evidence.Name);
                form.Text(evidence.Url?.OriginalString);
                form.Text(evidence.Detail);
            }

            form.Flag(c.ConsentGiven);
            form.Text(c.StatusReason);
            return Convert.ToHexStringLower(SHA256.HashData(form.bytes.ToArray()));
        }

        private void Text(string? value)
        {
            Number(value is null ? -1 : Encoding.UTF8.GetByteCount(value));
            bytes.Write(Encoding.UTF8.GetBytes(value ?? ""));
        }

        private void Flag(bool? value) => Number(value is null ? -1 : value.Value ? 1 : 0);

        private void Number(int value)
        {
            byte[] four = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(four, value);
            bytes.Write(four);
        }

        private void Long(long value)
        {
            byte[] eight = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(eight, value);
            bytes.Write(eight);
        }

        private void Decimal(decimal? value)
        {
            Flag(value is not null);
            foreach (int part in value is { } number ? decimal.GetBits(number / 1.0000000000000000000000000000m) : [])
            {
                Number(part);
            }
        }
    }
}
