namespace CredSync.OpenBadges.Images;

/// <summary>Something to be painted, in a picture of 512 by 512 units.</summary>
/// <param name="Colour">Its colour.</param>
/// <param name="Opacity">0 to 1.</param>
internal abstract record Shape(Rgb Colour, double Opacity);

/// <summary>A filled polygon.</summary>
internal sealed record Filled(IReadOnlyList<Point> Corners, Rgb Colour, double Opacity = 1) : Shape(Colour, Opacity)
{
    /// <summary>Colour at the bottom when it shades from the top; null for one colour.</summary>
    public Rgb? Bottom { get; init; }
}

/// <summary>Strokes with round ends.</summary>
internal sealed record Stroked(IReadOnlyList<Piece> Pieces, double Width, Rgb Colour, double Opacity = 1) : Shape(Colour, Opacity);

/// <summary>A line of text that only the viewer's fonts can show; left out where there are none.</summary>
internal sealed record Typed(string Text, double Height, double Centre, double Top, Rgb Colour, double Opacity = 1) : Shape(Colour, Opacity);
