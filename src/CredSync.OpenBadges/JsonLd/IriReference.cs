namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// Resolves relative references as RFC 3986 section 5.2 says, without the normalisation of <see cref="Uri"/>, which would change identifiers.
/// </summary>
internal static class IriReference
{
    private readonly ref struct Parts
    {
        public ReadOnlySpan<char> Scheme { get; init; }

        public ReadOnlySpan<char> Authority { get; init; }

        public bool HasAuthority { get; init; }

        public ReadOnlySpan<char> Path { get; init; }

        public ReadOnlySpan<char> Query { get; init; }

        public ReadOnlySpan<char> Fragment { get; init; }
    }

    /// <summary>Resolves a reference; one that is absolute, or that has no base, is given back as it is.</summary>
    public static string Resolve(string? baseIri, string reference)
    {
        if (baseIri is null || Iri.HasScheme(reference)) return reference;
        Parts from = Split(baseIri);
        Parts to = Split(reference);
        if (to.HasAuthority) return Join(from.Scheme, to.Authority, true, WithoutDots(to.Path), to.Query, to.Fragment);
        if (to.Path.Length == 0)
            return Join(from.Scheme, from.Authority, from.HasAuthority, from.Path, to.Query.Length > 0 ? to.Query : from.Query, to.Fragment);
        ReadOnlySpan<char> path = to.Path[0] == '/' ? to.Path : Merge(from, to.Path);
        return Join(from.Scheme, from.Authority, from.HasAuthority, WithoutDots(path), to.Query, to.Fragment);
    }

    /// <summary>Query and fragment keep their ? and #, so that an empty one is not lost.</summary>
    private static Parts Split(ReadOnlySpan<char> text)
    {
        int hash = text.IndexOf('#');
        ReadOnlySpan<char> fragment = hash < 0 ? default : text[hash..];
        if (hash >= 0) text = text[..hash];
        int mark = text.IndexOf('?');
        ReadOnlySpan<char> query = mark < 0 ? default : text[mark..];
        if (mark >= 0) text = text[..mark];
        ReadOnlySpan<char> scheme = default;
        if (Iri.HasScheme(text))
        {
            int colon = text.IndexOf(':');
            scheme = text[..colon];
            text = text[(colon + 1)..];
        }

        bool hasAuthority = text.StartsWith("//");
        ReadOnlySpan<char> authority = default;
        if (hasAuthority)
        {
            int slash = text[2..].IndexOf('/');
            authority = slash < 0 ? text[2..] : text[2..(slash + 2)];
            text = slash < 0 ? default : text[(slash + 2)..];
        }

        return new Parts { Scheme = scheme, Authority = authority, HasAuthority = hasAuthority, Path = text, Query = query, Fragment = fragment };
    }

    private static string Merge(Parts from, ReadOnlySpan<char> path)
    {
        if (from.HasAuthority && from.Path.Length == 0) return string.Concat("/", path);
        return string.Concat(from.Path[..(from.Path.LastIndexOf('/') + 1)], path);
    }

    private static string WithoutDots(ReadOnlySpan<char> path)
    {
        bool rooted = path.StartsWith("/");
        string[] segments = path.ToString().Split('/');
        List<string> kept = [];
        for (int index = rooted ? 1 : 0; index < segments.Length; index++)
        {
            bool last = index == segments.Length - 1;
            if (segments[index] == "..")
            {
                if (kept.Count > 0) kept.RemoveAt(kept.Count - 1);
                if (last) kept.Add("");
            }
            else if (segments[index] == ".")
            {
                if (last) kept.Add("");
            }
            else
            {
                kept.Add(segments[index]);
            }
        }

        return (rooted ? "/" : "") + string.Join('/', kept);
    }

    private static string Join(
        ReadOnlySpan<char> scheme, ReadOnlySpan<char> authority, bool hasAuthority, ReadOnlySpan<char> path, ReadOnlySpan<char> query, ReadOnlySpan<char> fragment) =>
        string.Concat(string.Concat(scheme, ":", hasAuthority ? "//" : "", authority), path, query, fragment);
}
