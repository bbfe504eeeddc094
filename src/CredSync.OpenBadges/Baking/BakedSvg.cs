using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CredSync.OpenBadges.Baking;

/// <summary>A credential as the first child of an SVG (Open Badges 3.0 section 5.3.2).</summary>
internal static class BakedSvg
{
    private const int DeepestNesting = 256;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly XNamespace Badge = "https://purl.imsglobal.org/ob/v3p0";
    private static readonly XNamespace LearnerRecord = "https://purl.imsglobal.org/clr/v2p0";

    public static byte[] Bake(ReadOnlyMemory<byte> svg, string credential, BakedKind kind)
    {
        XDocument document = Read(svg);
        XElement root = document.Root!;
        XNamespace space = kind == BakedKind.Badge ? Badge : LearnerRecord;
        root.Elements(Badge + "credential").Concat(root.Elements(LearnerRecord + "credential")).Remove();
        string prefix = kind == BakedKind.Badge ? "openbadges" : "clr";
        root.SetAttributeValue(XNamespace.Xmlns + prefix, space.NamespaceName);
        var carrier = new XElement(space + "credential");
        if (IsJson(credential))
        {
            // The value stays the same, and so does the signature, but the text can no longer end the CDATA section.
            carrier.Add(new XCData(credential.Replace(">", "\\u003e", StringComparison.Ordinal)));
        }
        else
        {
            carrier.SetAttributeValue("verify", credential);
        }

        root.AddFirst(carrier);
        using var baked = new MemoryStream();
        using (var writer = XmlWriter.Create(baked, new() { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = document.Declaration is null }))
        {
            document.Save(writer);
        }

        return baked.ToArray();
    }

    public static string? Unbake(ReadOnlyMemory<byte> svg)
    {
        XElement root = Read(svg).Root!;
        XElement? carrier = root.Elements().FirstOrDefault(static e => e.Name == Badge + "credential" || e.Name == LearnerRecord + "credential");
        if (carrier is null)
        {
            return null;
        }

        string text = carrier.Attribute("verify")?.Value.Trim() ?? carrier.Value.Trim();
        return text.Length switch
        {
            0 => throw new BakingException("The credential element of the SVG is empty."),
            > BakedImage.LongestCredential => throw new BakingException($"The credential in the SVG is longer than {BakedImage.LongestCredential} bytes."),
            _ => text,
        };
    }

    private static bool IsJson(string credential) => credential.AsSpan().TrimStart().StartsWith("{");

    private static XDocument Read(ReadOnlyMemory<byte> svg)
    {
        if (svg.Length > BakedImage.LargestImage)
        {
            throw new BakingException($"The SVG is larger than {BakedImage.LargestImage} bytes.");
        }

        try
        {
            // The document is walked once before it is built, because building and writing it take stack for each level.
            using (XmlReader reader = Open(svg))
            {
                while (reader.Read())
                {
                    if (reader.Depth > DeepestNesting)
                    {
                        throw new BakingException($"The SVG nests deeper than {DeepestNesting} levels.");
                    }
                }
            }

            using XmlReader again = Open(svg);
            XDocument document = XDocument.Load(again, LoadOptions.PreserveWhitespace);
            return document.Root!.Name == Svg + "svg" ? document : throw new BakingException("The image is XML, but not SVG.");
        }
        catch (XmlException fault)
        {
            throw new BakingException("The SVG is not well-formed XML without entities of its own.", fault);
        }
    }

    // A document type is skipped, so that no entity is defined and nothing outside is read.
    private static XmlReader Open(ReadOnlyMemory<byte> svg) => XmlReader.Create(
        new MemoryStream(svg.ToArray()),
        new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = BakedImage.LargestImage });
}
