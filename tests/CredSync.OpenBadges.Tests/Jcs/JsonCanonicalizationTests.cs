using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Jcs;
using CredSync.OpenBadges.Rdf;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Jcs;

public sealed class JsonCanonicalizationTests
{
    [Theory]
    [InlineData("arrays")]
    [InlineData("french")]
    [InlineData("structures")]
    [InlineData("unicode")]
    [InlineData("values")]
    [InlineData("weird")]
    public void The_published_inputs_give_the_published_bytes(string name)
    {
        string hex = string.Concat(Vectors.Text($"jcs/outhex/{name}.txt").Where(char.IsAsciiHexDigit));
        byte[] bytes = JsonCanonicalization.Canonicalize(JsonNode.Parse(Vectors.Bytes($"jcs/input/{name}.json")));
        Convert.ToHexStringLower(bytes).ShouldBe(hex);
    }

    // The table of RFC 8785 appendix B.
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_print_as_ECMAScript_prints_them(ulong bits, string expected) => Canonical(JsonValue.Create(BitConverter.UInt64BitsToDouble(bits))).ShouldBe(expected);

    [Fact]
    public void Every_double_reads_back_as_itself() => Gen.Double.Where(double.IsFinite).Sample(value =>
        double.Parse(Canonical(JsonValue.Create(value)), System.Globalization.CultureInfo.InvariantCulture) == value);

    [Fact]
    public void Canonical_text_is_its_own_canonical_form() => Gen.Dictionary(Gen.String, Gen.Select(Gen.String.Array[0, 3], Gen.Int, Gen.Bool)).Sample(members =>
    {
        JsonObject json = [];
        foreach ((string name, (string[] texts, int number, bool flag)) in members)
            json[name] = new JsonObject { ["z"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]), ["a"] = number, ["m"] = flag };
        if (members.Any(member => HasHalfPair(member.Key) || member.Value.Item1.Any(HasHalfPair))) return;
        string once = Canonical(json);
        Canonical(JsonNode.Parse(once)).ShouldBe(once);
    });

    [Fact]
    public void Numbers_made_in_NET_and_numbers_parsed_are_the_same()
    {
        JsonArray made = [1, 2L, 3.5, 4.5m, (short)6, 1e30, 0.1f];
        Canonical(made).ShouldBe(Canonical(JsonNode.Parse("[1,2,3.5,4.50,6e0,1e30,0.1]")));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public void What_has_no_canonical_form_is_refused_in_words(string json) =>
        Should.Throw<CanonicalizationException>(() => JsonCanonicalization.Canonicalize(JsonNode.Parse(json)));

    [Fact]
    public void Nesting_without_end_is_refused_in_words()
    {
        JsonNode node = 1;
        for (int level = 0; level < 100_000; level++) node = new JsonArray(node);
        Should.Throw<CanonicalizationException>(() => JsonCanonicalization.Canonicalize(node)).Message.ShouldContain("256 levels");
    }

    private static string Canonical(JsonNode? node) => Encoding.UTF8.GetString(JsonCanonicalization.Canonicalize(node));

    private static bool HasHalfPair(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])) index++;
            else if (char.IsSurrogate(text[index])) return true;
        }

        return false;
    }
}
