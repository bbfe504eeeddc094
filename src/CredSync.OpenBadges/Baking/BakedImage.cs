namespace CredSync.OpenBadges.Baking;

/// <summary>
/// Puts a signed credential into a picture and takes it out again (Open Badges 3.0 section 5.3). The picture only carries the credential: the
/// signature does not cover it. Sign first, then bake.
/// </summary>
public static class BakedImage
{
    /// <summary>The largest image that is read, in bytes (32 MiB).</summary>
    public const int LargestImage = 32 * 1024 * 1024;

    /// <summary>The longest credential that is taken out of an image, in bytes (4 MiB).</summary>
    public const int LongestCredential = 4 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Puts a credential into a PNG or SVG; one that is there already is replaced.</summary>
    /// <param name="image">The image.</param>
    /// <param name="credential">The credential as JSON with an embedded proof, or a compact JWS.</param>
    /// <param name="kind">What the credential is. Default a badge.</param>
    /// <returns>The baked image.</returns>
    /// <exception cref="BakingException">The image is neither PNG nor SVG, damaged, or too large.</exception>
    public static byte[] Bake(ReadOnlyMemory<byte> image, string credential, BakedKind kind = BakedKind.Badge)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(credential);
        return Format(image.Span) switch
        {
            ImageFormat.Png => BakedPng.Bake(image.Span, credential, kind),
            ImageFormat.Svg => BakedSvg.Bake(image, credential, kind),
            _ => throw new BakingException("The image is neither PNG nor SVG."),
        };
    }

    /// <summary>Takes the credential out of a PNG or SVG, whichever kind it is.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The credential: JSON or a compact JWS. Null when the image holds none.</returns>
    /// <exception cref="BakingException">The image is neither PNG nor SVG, damaged, or too large.</exception>
    public static string? Unbake(ReadOnlyMemory<byte> image) => Format(image.Span) switch
    {
        ImageFormat.Png => BakedPng.Unbake(image.Span),
        ImageFormat.Svg => BakedSvg.Unbake(image),
        _ => throw new BakingException("The image is neither PNG nor SVG."),
    };

    /// <summary>What an image is, by its first bytes.</summary>
    /// <param name="image">The image.</param>
    /// <returns>Its format, or <see cref="ImageFormat.Other"/>.</returns>
    public static ImageFormat Format(ReadOnlySpan<byte> image)
    {
        if (image.StartsWith(BakedPng.Signature))
        {
            return ImageFormat.Png;
        }

        ReadOnlySpan<byte> text = image.StartsWith(ByteOrderMark) ? image[3..] : image;
        return text.TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? ImageFormat.Svg : ImageFormat.Other;
    }
}

/// <summary>What is baked into an image; decides the name under which it stands there.</summary>
public enum BakedKind
{
    /// <summary>An Open Badge.</summary>
    Badge,

    /// <summary>A Comprehensive Learner Record.</summary>
    LearnerRecord,
}

/// <summary>Image formats that can carry a credential.</summary>
public enum ImageFormat
{
    /// <summary>Neither of the others.</summary>
    Other,

    /// <summary>Portable Network Graphics.</summary>
    Png,

    /// <summary>Scalable Vector Graphics, as plain XML.</summary>
    Svg,
}
