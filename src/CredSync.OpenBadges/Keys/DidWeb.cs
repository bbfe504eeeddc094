using System.Buffers;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// <c>did:web</c> identifiers: <c>did:web:example.org</c> is published at <c>https://example.org/.well-known/did.json</c>,
/// <c>did:web:example.org:a:b</c> at <c>https://example.org/a/b/did.json</c> (did:web method specification).
/// </summary>
public static class DidWeb
{
    private const string Prefix = "did:web:";
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/?#@\\ ");

    /// <summary>Whether a text is a <c>did:web</c> (with or without a fragment).</summary>
    /// <param name="did">The text; null gives false.</param>
    public static bool Is(string? did) => did is not null && did.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The DID of a web address: of the host for its root, of the path otherwise.</summary>
    /// <param name="address">
    /// An absolute https address without query and fragment, for example <c>https://badges.example.org/issuers/1</c>. The address of the
    /// document itself (<c>…/.well-known/did.json</c>, <c>…/did.json</c>) gives the same DID.
    /// </param>
    /// <exception cref="KeyException">The address is relative, not https, or has a query, a fragment or a user.</exception>
    public static string FromUrl(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            throw new KeyException("A did:web is made of an absolute https address without query, fragment and user.");
        string host = address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}%3A{address.Port}";
        if (address.HostNameType == UriHostNameType.IPv6)
            throw new KeyException("A did:web is made of a host name, not of an IP version 6 address.");
        string path = address.AbsolutePath;
        if (path.EndsWith("/did.json", StringComparison.Ordinal)) path = path[..^"/did.json".Length];
        if (path == "/.well-known") path = "";
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string tail = string.Concat(segments.Select(segment => ":" + segment.Replace(":", "%3A", StringComparison.Ordinal)));
        return Prefix + host + tail;
    }

    /// <summary>Where the DID's document is published.</summary>
    /// <param name="did">The DID; a fragment is ignored.</param>
    /// <exception cref="KeyException">It is not a well-formed <c>did:web</c>.</exception>
    public static Uri ToUrl(string did)
    {
        ArgumentNullException.ThrowIfNull(did);
        if (!Is(did)) throw new KeyException("The identifier is not a did:web.");
        int hash = did.IndexOf('#', StringComparison.Ordinal);
        string[] parts = did[Prefix.Length..(hash < 0 ? did.Length : hash)].Split(':');
        if (parts.Any(part => part.Length == 0 || part is "." or ".." || part.AsSpan().ContainsAny(Forbidden))) throw Malformed();
        string host = parts[0].Replace("%3A", ":", StringComparison.OrdinalIgnoreCase);
        string path = parts.Length == 1 ? "/.well-known/did.json" : "/" + string.Join('/', parts.Skip(1)) + "/did.json";
        if (host.Contains('%', StringComparison.Ordinal) || !Uri.TryCreate($"https://{host}{path}", UriKind.Absolute, out Uri? address)
            || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw Malformed();
        return address;
    }

    private static KeyException Malformed() => new("The did:web is malformed; it is did:web:HOST, did:web:HOST%3APORT or did:web:HOST:PATH:PATH.");
}
