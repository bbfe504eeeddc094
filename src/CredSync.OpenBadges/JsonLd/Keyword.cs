namespace CredSync.OpenBadges.JsonLd;

/// <summary>The keywords of JSON-LD 1.1 (section 1.7 of the syntax).</summary>
internal static class Keyword
{
    public const string Base = "@base";
    public const string Container = "@container";
    public const string Context = "@context";
    public const string Direction = "@direction";
    public const string Graph = "@graph";
    public const string Id = "@id";
    public const string Import = "@import";
    public const string Included = "@included";
    public const string Index = "@index";
    public const string Json = "@json";
    public const string Language = "@language";
    public const string List = "@list";
    public const string Nest = "@nest";
    public const string None = "@none";
    public const string Prefix = "@prefix";
    public const string Propagate = "@propagate";
    public const string Protected = "@protected";
    public const string Reverse = "@reverse";
    public const string Set = "@set";
    public const string Type = "@type";
    public const string Value = "@value";
    public const string Version = "@version";
    public const string Vocab = "@vocab";

    public static bool Is(string text) => text.Length > 0 && text[0] == '@' && text is Base or Container or Context or Direction or Graph or Id or Import
        or Included or Index or Json or Language or List or Nest or None or Prefix or Propagate or Protected or Reverse or Set or Type or Value or Version or Vocab;

    /// <summary>Whether a text looks like a keyword of a later version (@ and letters); such terms are ignored.</summary>
    public static bool LooksLikeOne(string text) => text.Length > 1 && text[0] == '@' && text.AsSpan(1).IndexOfAnyExcept(Letters) < 0;

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
