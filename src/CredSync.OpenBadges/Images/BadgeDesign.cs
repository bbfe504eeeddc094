namespace CredSync.OpenBadges.Images;

/// <summary>What a drawn badge shows.</summary>
public sealed record BadgeDesign
{
    /// <summary>Title; drawn in capitals over at most four lines, cut where it does not fit.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the organisation; null for none.</summary>
    public string? Organisation { get; init; }

    /// <summary>Colour, <c>#rrggbb</c>. One that is too light for white letters is darkened. Default a deep blue.</summary>
    public string Colour { get; init; } = "#1f4e8c";
}
