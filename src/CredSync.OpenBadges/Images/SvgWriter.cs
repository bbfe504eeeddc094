using System.Globalization;
using System.Security;
using System.Text;

namespace CredSync.OpenBadges.Images;

/// <summary>Writes a scene as SVG.</summary>
internal static class SvgWriter
{
    public static string Write(IReadOnlyList<Shape> scene, BadgeDesign design)
    {
        string label = design.Organisation is { Length: > 0 } organisation ? $"{design.Name}, {organisation}" : design.Name;
        var svg = new StringBuilder(8192);
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\" width=\"512\" height=\"512\" role=\"img\"><title>").Append(Escape(label)).Append("</title>");
        int shades = 0;
        foreach (Shape shape in scene)
        {
            string opacity = shape.Opacity < 1 ? string.Create(CultureInfo.InvariantCulture, $" opacity=\"{shape.Opacity:0.##}\"") : "";
            switch (shape)
            {
                case Filled { Bottom: { } bottom } shaded:
                    svg.Append(CultureInfo.InvariantCulture, $"<linearGradient id=\"s{shades}\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop stop-color=\"{shaded.Colour}\"/><stop offset=\"1\" stop-color=\"{bottom}\"/></linearGradient>");
                    svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"url(#s{shades++})\"{opacity} d=\"{Polygon(shaded.Corners)}\"/>");
                    break;
                case Filled filled:
                    svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"{filled.Colour}\"{opacity} d=\"{Polygon(filled.Corners)}\"/>");
                    break;
                case Stroked stroked:
                    svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{stroked.Colour}\" stroke-width=\"{PathData.Number(stroked.Width)}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{opacity} d=\"{PathData.Of(stroked.Pieces)}\"/>");
                    break;
                case Typed typed:
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{PathData.Number(typed.Centre)}\" y=\"{PathData.Number(typed.Top + typed.Height)}\" font-size=\"{PathData.Number(Size(typed))}\" text-anchor=\"middle\" font-family=\"sans-serif\" font-weight=\"600\" fill=\"{typed.Colour}\"{opacity}>{Escape(typed.Text)}</text>");
                    break;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    // Without the viewer's fonts the width is only guessed: one and a half capitals' heights for wide letters.
    private static double Size(Typed typed) => Math.Min(typed.Height * 1.4, 330 / Math.Max(1, typed.Text.Sum(static c => c > 0x2E80 ? 1.0 : 0.62)));

    private static string Polygon(IReadOnlyList<Point> corners)
    {
        var data = new StringBuilder();
        for (int i = 0; i < corners.Count; i++)
        {
            data.Append(i == 0 ? 'M' : 'L').Append(PathData.Number(corners[i].X)).Append(' ').Append(PathData.Number(corners[i].Y));
        }

        return data.Append('Z').ToString();
    }

    private static string Escape(string text) => SecurityElement.Escape(new string([.. text.Where(static c => !char.IsControl(c))]));
}
