namespace CredSync.Sources.Http;

/// <summary>Links by which a platform names its next page. They are followed as they stand, but with credentials only to the platform itself.</summary>
internal static class PageLinks
{
    // A stored cursor holds the link and escapes some of its characters.
    private const int Longest = 2000;

    /// <summary>Path and query of a link.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="own">The configured address.</param>
    /// <param name="link">The link, whole or relative to that address.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Broken"/>: it leads to another host, where the credentials must not go, or is too long to be kept.</exception>
    public static string PathOf(string who, Uri own, string link)
    {
        if (!Uri.TryCreate(own, link, out Uri? address) || !string.Equals(address.Host, own.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new SourceException(FaultKind.Broken, $"{who} names a next page on another host than the configured address: configure the address under which it names itself.");
        }

        return Kept(who, address.PathAndQuery);
    }

    /// <summary>A link or cursor, if it can be kept. One that cannot must not be taken for none: what comes after it would never be read.</summary>
    /// <param name="who">The platform and source in words.</param>
    /// <param name="next">The link or cursor.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Broken"/>: it is too long.</exception>
    public static string Kept(string who, string next) => next.Length <= Longest
        ? next
        : throw new SourceException(FaultKind.Broken, $"{who} names its next page with more than {Longest} characters, which is more than can be kept: lower the page size, or ask its administrator for shorter links.");
}
