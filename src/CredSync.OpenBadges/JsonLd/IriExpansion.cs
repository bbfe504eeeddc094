using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>IRI Expansion (JSON-LD 1.1 API section 5.2).</summary>
internal static class IriExpansion
{
    /// <summary>Expands a property name or a term: defined terms, compact IRIs, the vocabulary.</summary>
    /// <returns>The IRI, keyword or unresolvable text; null when the term is removed or reserved.</returns>
    public static Iri? Vocabulary(ActiveContext context, string value)
    {
        if (value.Length > 0 && value[0] == '@')
        {
            if (Keyword.Is(value)) return new Iri(value);
            if (Keyword.LooksLikeOne(value)) return null;
        }

        return context.Terms.TryGetValue(value, out TermDefinition? term) ? term.Iri : Expand(context, value, vocab: true, documentRelative: false);
    }

    /// <summary>Expands any text.</summary>
    /// <param name="context">The context.</param>
    /// <param name="value">The text.</param>
    /// <param name="vocab">Whether terms and the vocabulary apply.</param>
    /// <param name="documentRelative">Whether relative references resolve against the document.</param>
    /// <param name="ensure">Defines a term of the local context that is not defined yet; null outside of context processing.</param>
    public static Iri? Expand(ActiveContext context, string value, bool vocab, bool documentRelative, Action<string>? ensure = null)
    {
        if (Keyword.Is(value)) return new Iri(value);
        if (Keyword.LooksLikeOne(value)) return null;
        ensure?.Invoke(value);
        if (context.Terms.TryGetValue(value, out TermDefinition? term) && (vocab || (term.Iri is not null && Keyword.Is(term.Iri.Text)))) return term.Iri;

        int colon = value.Length > 1 ? value.IndexOf(':', 1) : -1;
        if (colon > 0)
        {
            string prefix = value[..colon];
            ReadOnlySpan<char> suffix = value.AsSpan(colon + 1);
            if (prefix == "_" || suffix.StartsWith("//")) return new Iri(value);
            ensure?.Invoke(prefix);
            if (context.Terms.TryGetValue(prefix, out TermDefinition? scheme) && scheme is { IsPrefix: true, Iri: not null })
                return new Iri(string.Concat(scheme.Iri.Text, suffix));
            if (Iri.HasScheme(value)) return new Iri(value);
        }

        if (vocab && context.Vocab is not null) return new Iri(context.Vocab + value);
        return new Iri(documentRelative ? IriReference.Resolve(context.Base, value) : value);
    }

    /// <summary>Whether a node is a text, and which.</summary>
    public static bool IsText(JsonNode? node, out string text)
    {
        text = "";
        if (node is not JsonValue value || !value.TryGetValue(out string? found)) return false;
        text = found;
        return true;
    }
}
