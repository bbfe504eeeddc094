using System.Collections.Concurrent;
using CredSync.OpenBadges.Images;

namespace CredSync.Issuers.OpenBadges;

/// <summary>Draws each badge once: everybody who earns it gets the same picture.</summary>
internal sealed class OpenBadgesPictures(OpenBadgesImage form)
{
    // Definitions are few; the limit only guards against a configuration that makes a new name for every person.
    private const int Limit = 256;

    private readonly ConcurrentDictionary<BadgeDesign, CredentialDocument> drawn = [];

    /// <summary>The picture without a credential; null when none is wanted.</summary>
    public CredentialDocument? Of(BadgeDesign design)
    {
        if (form == OpenBadgesImage.None)
        {
            return null;
        }

        if (drawn.Count >= Limit)
        {
            drawn.Clear();
        }

        return drawn.GetOrAdd(design, Draw);
    }

    private CredentialDocument Draw(BadgeDesign design) => form == OpenBadgesImage.Svg
        ? new("image/svg+xml", "svg", BadgeArt.Svg(design))
        : new("image/png", "png", BadgeArt.Png(design));
}
