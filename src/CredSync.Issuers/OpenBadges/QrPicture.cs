using System.Collections;
using System.Globalization;
using System.Text;
using QRCoder;

namespace CredSync.Issuers.OpenBadges;

/// <summary>A QR code as one SVG path, so that a page needs neither styles nor pictures of others for it.</summary>
internal static class QrPicture
{
    /// <summary>The code as an <c>svg</c> element in black on white, whatever the theme: cameras want contrast.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="label">What it is, for those who do not see it.</param>
    public static string Svg(string text, string label)
    {
        using var generator = new QRCodeGenerator();
        using QRCodeData data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        List<BitArray> rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (int y = 0; y < rows.Count; y++)
        {
            for (int x = 0; x < rows[y].Length; x++)
            {
                if (!rows[y][x])
                {
                    continue;
                }

                int from = x;
                while (x + 1 < rows[y].Length && rows[y][x + 1])
                {
                    x++;
                }

                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from + 1}v1h-{x - from + 1}z");
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{rows.Count}v{rows.Count}H0z"/><path fill="#000" d="{path}"/></svg>""");
    }
}
