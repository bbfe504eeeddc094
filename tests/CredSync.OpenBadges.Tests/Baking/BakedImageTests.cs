using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CredSync.OpenBadges.Baking;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Baking;

public sealed class BakedImageTests
{
    private const string Samples = "1edtech-validator-samples/ob30/";
    private const string Json = """{"id":"urn:uuid:1","name":"]]> & <b>é 😀</b>"}""";

    [Theory]
    [InlineData("simple-json.png")]
    [InlineData("simple-json.svg")]
    public void A_credential_is_taken_out_of_a_sample_image(string sample)
    {
        JsonObject credential = JsonNode.Parse(BakedImage.Unbake(Vectors.Bytes(Samples + sample))!)!.AsObject();
        JsonObject original = Vectors.Json(Samples + "simple.json");
        credential.Remove("proof").ShouldBeTrue();
        original.Remove("proof");
        JsonNode.DeepEquals(credential, original).ShouldBeTrue();
    }

    [Theory]
    [InlineData("simple-jwt.png")]
    [InlineData("simple-jwt.svg")]
    public void A_token_is_taken_out_of_a_sample_image(string sample) =>
        BakedImage.Unbake(Vectors.Bytes(Samples + sample))!.Split('.').Length.ShouldBe(3);

    [Theory]
    [InlineData("simple-json.png", BakedKind.Badge, Json)]
    [InlineData("simple-jwt.png", BakedKind.LearnerRecord, "a.b.c")]
    [InlineData("simple-jwt.svg", BakedKind.Badge, Json)]
    [InlineData("simple-json.svg", BakedKind.LearnerRecord, "a.b.c")]
    public void What_is_baked_comes_out_and_replaces_what_was_there(string sample, BakedKind kind, string credential)
    {
        byte[] once = BakedImage.Bake(Vectors.Bytes(Samples + sample), "x.y.z", kind);
        byte[] twice = BakedImage.Bake(once, credential, kind);
        string found = BakedImage.Unbake(twice)!;
        if (credential == Json)
        {
            JsonNode.DeepEquals(JsonNode.Parse(found), JsonNode.Parse(Json)).ShouldBeTrue();
        }
        else
        {
            found.ShouldBe(credential);
        }

        Encoding.UTF8.GetString(twice).ShouldNotContain("x.y.z");
        BakedImage.Format(twice).ShouldBe(BakedImage.Format(once));
    }

    [Fact]
    public void Any_text_survives_a_png() => Gen.String.Where(static s => s.Trim().Length > 0 && !s.Any(char.IsSurrogate)).Sample(static text =>
        BakedImage.Unbake(BakedImage.Bake(Png(), text)).ShouldBe(text));

    [Fact]
    public void The_chunk_of_a_png_stands_straight_after_the_header()
    {
        byte[] baked = BakedImage.Bake(Png(), "a.b.c");
        Encoding.ASCII.GetString(baked, 8 + 25 + 4, 4).ShouldBe("iTXt");
        Encoding.ASCII.GetString(baked, 8 + 25 + 8, 24).ShouldBe("openbadgecredential\0\0\0\0\0");
    }

    [Fact]
    public void The_credential_is_the_first_child_of_an_svg_under_the_namespace_of_the_specification()
    {
        XElement root = XElement.Parse(Encoding.UTF8.GetString(BakedImage.Bake(Svg("<rect/>"), Json)));
        XElement first = root.Elements().First();
        first.Name.ShouldBe(XName.Get("credential", "https://purl.imsglobal.org/ob/v3p0"));
        first.FirstNode.ShouldBeOfType<XCData>();
        root.GetPrefixOfNamespace("https://purl.imsglobal.org/ob/v3p0").ShouldBe("openbadges");
        XElement token = XElement.Parse(Encoding.UTF8.GetString(BakedImage.Bake(Svg("<rect/>"), "a.b.c"))).Elements().First();
        token.Attribute("verify")!.Value.ShouldBe("a.b.c");
        token.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void An_image_without_a_credential_holds_none()
    {
        BakedImage.Unbake(Png()).ShouldBeNull();
        BakedImage.Unbake(Svg("<rect/>")).ShouldBeNull();
    }

    [Fact]
    public void A_compressed_chunk_is_read_and_a_bomb_is_refused_at_the_limit()
    {
        BakedImage.Unbake(WithCompressed(Encoding.UTF8.GetBytes(Json))).ShouldBe(Json);
        Should.Throw<BakingException>(static () => BakedImage.Unbake(WithCompressed(new byte[64 * 1024 * 1024]))).Message.ShouldContain("longer");
    }

    [Fact]
    public void A_png_that_is_cut_off_anywhere_is_refused()
    {
        byte[] baked = BakedImage.Bake(Png(), "a.b.c");
        Gen.Int[8, baked.Length - 1].Sample(length => Should.Throw<BakingException>(() => BakedImage.Unbake(baked.AsMemory(0, length))));
    }

    [Fact]
    public void A_png_with_a_flipped_bit_is_refused()
    {
        byte[] baked = BakedImage.Bake(Png(), "a.b.c");
        Gen.Int[64, (baked.Length * 8) - 1].Sample(bit =>
        {
            byte[] damaged = [.. baked];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<BakingException>(() => BakedImage.Unbake(damaged));
        });
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'>", "well-formed")]
    [InlineData("<html/>", "not SVG")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>", "entities")]
    [InlineData("<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>", "entities")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential/></svg>", "empty")]
    [InlineData("GIF89a", "neither")]
    [InlineData("", "neither")]
    public void An_image_that_cannot_be_read_is_refused_with_the_reason(string image, string reason) =>
        Should.Throw<BakingException>(() => BakedImage.Unbake(Encoding.UTF8.GetBytes(image))).Message.ShouldContain(reason);

    [Fact]
    public void An_svg_that_nests_without_end_is_refused() =>
        Should.Throw<BakingException>(static () => BakedImage.Unbake(Svg(string.Concat(Enumerable.Repeat("<g>", 100_000))))).Message.ShouldContain("deeper");

    [Fact]
    public void An_image_above_the_limit_is_refused()
    {
        byte[] png = [.. Png(), .. new byte[BakedImage.LargestImage]];
        Should.Throw<BakingException>(() => BakedImage.Unbake(png)).Message.ShouldContain("larger");
        byte[] svg = [.. Svg(""), .. new byte[BakedImage.LargestImage]];
        Should.Throw<BakingException>(() => BakedImage.Unbake(svg)).Message.ShouldContain("larger");
    }

    private static byte[] Svg(string content) => Encoding.UTF8.GetBytes($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">{content}</svg>");

    private static byte[] Png() => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]), .. Chunk("IDAT", Zlib([0, 0])), .. Chunk("IEND", [])];

    private static byte[] WithCompressed(byte[] text)
    {
        byte[] png = Png();
        byte[] chunk = Chunk("iTXt", [.. "openbadgecredential"u8, 0, 1, 0, 0, 0, .. Zlib(text)]);
        return [.. png.AsSpan(0, 33), .. chunk, .. png.AsSpan(33)];
    }

    private static byte[] Zlib(byte[] data)
    {
        using var buffer = new MemoryStream();
        using (var zlib = new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return buffer.ToArray();
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }
}
