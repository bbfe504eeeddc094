using System.Globalization;
using System.Text;
using System.Xml.Linq;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Images;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Images;

public sealed class BadgeArtTests
{
    private static readonly BadgeDesign Design = new() { Name = "Data Foundations", Organisation = "Northwind Academy" };

    [Fact]
    public void The_same_design_gives_the_same_bytes()
    {
        BadgeArt.Svg(Design).ShouldBe(BadgeArt.Svg(Design with { }));
        BadgeArt.Png(Design, 128).ShouldBe(BadgeArt.Png(Design with { }, 128));
        BadgeArt.Svg(Design).ShouldNotBe(BadgeArt.Svg(Design with { Colour = "#0f766e" }));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void A_badge_stands_on_a_transparent_ground_and_shows_a_white_disc(int size)
    {
        var picture = new PngPixels(BadgeArt.Png(Design, size));
        picture.Size.ShouldBe(size);
        picture[0, 0].A.ShouldBe((byte)0);
        picture[size - 1, size - 1].A.ShouldBe((byte)0);
        int disc = size < 120 ? size / 2 : size * 166 / 512;
        picture[(size / 2) + (size * 70 / 512), disc].A.ShouldBe((byte)255);
        picture.Count(static p => p == (255, 255, 255, 255)).ShouldBeGreaterThan(size * size / 40);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("Führungskräfte: Gesprächsführung und Feedback in verteilten Teams, mit Übungen")]
    [InlineData("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen")]
    [InlineData("データ分析")]
    [InlineData("a & b <script>\"'")]
    public void Any_title_gives_well_formed_svg_that_stays_inside_the_badge(string name)
    {
        XElement svg = XElement.Parse(Encoding.UTF8.GetString(BadgeArt.Svg(Design with { Name = name })));
        svg.Element(svg.Name.Namespace + "title")!.Value.ShouldBe($"{name}, Northwind Academy");
        foreach (XAttribute data in svg.Descendants().Attributes("d"))
        {
            Numbers(data.Value).ShouldAllBe(static n => n >= -1 && n <= 513);
        }
    }

    [Fact]
    public void No_text_can_break_the_drawing() => Gen.Select(Gen.String, Gen.String).Sample(
        static (name, organisation) =>
        {
            var design = new BadgeDesign { Name = name, Organisation = organisation };
            BadgeArt.Svg(design).Length.ShouldBeGreaterThan(1000);
            BadgeArt.Png(design, 32).Length.ShouldBeGreaterThan(200);
        },
        iter: 200);

    [Fact]
    public void Every_colour_is_dark_enough_for_white_letters() => Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte).Sample(static (r, g, b) =>
    {
        Rgb colour = new Rgb(r, g, b).DarkenedForWhite();
        (1.05 / (Luminance(colour) + 0.05)).ShouldBeGreaterThanOrEqualTo(4.5);
    });

    [Theory]
    [InlineData("blue")]
    [InlineData("#12345")]
    [InlineData("#12345g")]
    [InlineData("1234567")]
    public void A_colour_that_is_none_is_an_error(string colour) => Should.Throw<FormatException>(() => BadgeArt.Svg(Design with { Colour = colour }));

    [Theory]
    [InlineData(15)]
    [InlineData(2049)]
    public void A_size_out_of_range_is_an_error(int size) => Should.Throw<ArgumentOutOfRangeException>(() => BadgeArt.Png(Design, size));

    [Fact]
    public void Drawn_pictures_can_be_baked()
    {
        BakedImage.Unbake(BakedImage.Bake(BadgeArt.Png(Design, 64), "a.b.c")).ShouldBe("a.b.c");
        BakedImage.Unbake(BakedImage.Bake(BadgeArt.Svg(Design), "a.b.c")).ShouldBe("a.b.c");
    }

    [Fact]
    public void A_polygon_covers_its_area() => Gen.Select(Gen.Double[2, 28], Gen.Double[2, 28]).Array[3].Sample(static corners =>
    {
        var coverage = new Coverage(32);
        coverage.Add([.. corners.Select(static c => new Point(c.Item1, c.Item2))]);
        var picture = new float[32 * 32 * 4];
        coverage.Blend(picture, Rgb.White, Rgb.White, 1);
        double painted = Enumerable.Range(0, 32 * 32).Sum(i => (double)picture[(i * 4) + 3]);
        (double x0, double y0) = corners[0];
        (double x1, double y1) = corners[1];
        (double x2, double y2) = corners[2];
        double area = Math.Abs(((x1 - x0) * (y2 - y0)) - ((x2 - x0) * (y1 - y0))) / 2;
        painted.ShouldBe(area, tolerance: 0.5);
    });

    [Fact]
    public void The_font_has_every_letter_of_western_and_central_european_languages() =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ÄÖÜäöüßÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØŒÙÚÛÝŸŠŽČŘĚŮŁĄĘŚŻŹĆŃĐŐŰĂÂȘȚİĞ.,:;!?-–—+/'\"()&#%…’“”".ShouldAllBe(static c => Lettering.CanSet(c.ToString()));

    private static double Luminance(Rgb colour)
    {
        static double Linear(byte channel) => channel / 255.0 <= 0.04045 ? channel / 255.0 / 12.92 : Math.Pow(((channel / 255.0) + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(colour.R)) + (0.7152 * Linear(colour.G)) + (0.0722 * Linear(colour.B));
    }

    private static IEnumerable<double> Numbers(string data) => data.Split(['M', 'L', 'A', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries)
        .Select(static n => double.Parse(n, CultureInfo.InvariantCulture));
}
