using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Context Processing (JSON-LD 1.1 API section 4.1).</summary>
internal sealed class ContextProcessor(IContextLoader loader)
{
    /// <summary>How many contexts may lead to one another.</summary>
    private const int DeepestChain = 32;

    /// <summary>How many URLs at the front of a document's context are compiled together.</summary>
    private const int LongestList = 8;

    public ActiveContext Process(ActiveContext active, JsonNode? local, string? baseUrl) =>
        Process(active, local, baseUrl, [], overrideProtected: false, propagate: true, validateScoped: true);

    /// <summary>A document's own context: the URLs that it begins with are compiled once for all documents.</summary>
    public ActiveContext OfDocument(ActiveContext active, JsonNode? local, string? baseUrl)
    {
        if (IriExpansion.IsText(local, out string single)) return active.Derive(single, () => Process(active, local, baseUrl));
        if (local is not JsonArray several) return Process(active.Detach(), local, baseUrl);
        List<string> urls = [];
        foreach (JsonNode? entry in several)
        {
            if (urls.Count == LongestList || !IriExpansion.IsText(entry, out string url)) break;
            urls.Add(url);
        }

        if (urls.Count > 0)
        {
            ActiveContext before = active;
            active = before.Derive(string.Join('\n', urls), () => Process(before, new JsonArray([.. urls.Select(url => (JsonNode)url)]), baseUrl));
        }

        return urls.Count == several.Count ? active : Process(active.Detach(), new JsonArray([.. several.Skip(urls.Count).Select(entry => entry?.DeepClone())]), baseUrl);
    }

    /// <summary>A term's scoped context upon another; the result is remembered.</summary>
    public ActiveContext Scoped(ActiveContext active, TermDefinition term, bool ofType) =>
        active.TryDerived(term, propagate: !ofType, out ActiveContext? known) ? known : Derive(active, term, ofType);

    private ActiveContext Derive(ActiveContext active, TermDefinition term, bool ofType) =>
        active.Derive(term, propagate: !ofType, () => Process(active, term.Context, term.ContextBase, [], overrideProtected: !ofType, propagate: !ofType, validateScoped: true));

    internal ActiveContext Process(
        ActiveContext active, JsonNode? local, string? baseUrl, IReadOnlyList<string> remote, bool overrideProtected, bool propagate, bool validateScoped)
    {
        ActiveContext result = active.Clone();
        if (local is JsonObject single && single.TryGetPropertyValue(Keyword.Propagate, out JsonNode? flag)) propagate = Flag(flag, "invalid @propagate value");
        if (!propagate) result.Previous ??= active;

        foreach (JsonNode? context in OneOrMany.Of(local))
        {
            if (context is null)
            {
                if (!overrideProtected && active.HasProtectedTerms)
                    throw new JsonLdException("invalid context nullification", "A context is reset to null although it has protected terms; remove the null.");
                ActiveContext? previous = result.Previous;
                result = active.Emptied();
                if (!propagate) result.Previous = previous;
            }
            else if (IriExpansion.IsText(context, out string reference))
            {
                result = Remote(result, reference, baseUrl, remote, validateScoped);
            }
            else if (context is JsonObject definition)
            {
                Inline(result, definition, baseUrl, remote, overrideProtected);
            }
            else
            {
                throw new JsonLdException("invalid local context", "A context is neither a URL, nor an object, nor null.");
            }
        }

        return result;
    }

    private ActiveContext Remote(ActiveContext active, string reference, string? baseUrl, IReadOnlyList<string> remote, bool validateScoped)
    {
        string url = IriReference.Resolve(baseUrl, reference);
        if (!validateScoped && remote.Contains(url)) return active;
        if (remote.Count >= DeepestChain) throw new JsonLdException("context overflow", $"More than {DeepestChain} contexts lead to one another.");
        JsonNode? content = ContextOf(loader.Load(url), url);
        return Process(active, content, url, [.. remote, url], overrideProtected: false, propagate: true, validateScoped);
    }

    private static JsonNode? ContextOf(JsonObject document, string url) => document.TryGetPropertyValue(Keyword.Context, out JsonNode? content)
        ? content
        : throw new JsonLdException("invalid remote context", $"The document {url} has no @context.");

    private void Inline(ActiveContext result, JsonObject definition, string? baseUrl, IReadOnlyList<string> remote, bool overrideProtected)
    {
        if (definition.TryGetPropertyValue(Keyword.Version, out JsonNode? version) && !(version is JsonValue number && number.TryGetValue(out decimal value) && value == 1.1m))
            throw new JsonLdException("invalid @version value", "A context has an @version other than the number 1.1.");
        if (definition.TryGetPropertyValue(Keyword.Import, out JsonNode? import)) definition = Imported(definition, import, baseUrl);
        if (remote.Count == 0 && definition.TryGetPropertyValue(Keyword.Base, out JsonNode? baseNode)) result.Base = BaseIri(result, baseNode);
        if (definition.TryGetPropertyValue(Keyword.Vocab, out JsonNode? vocab)) result.Vocab = Vocabulary(result, vocab);
        if (definition.TryGetPropertyValue(Keyword.Language, out JsonNode? language))
            result.Language = language is null ? null : IriExpansion.IsText(language, out string tag) ? tag.ToLowerInvariant() : throw new JsonLdException("invalid default language", "A context has an @language that is not a text.");
        if (definition.TryGetPropertyValue(Keyword.Direction, out JsonNode? direction)) result.Direction = Direction(direction);
        if (definition.TryGetPropertyValue(Keyword.Propagate, out JsonNode? propagate)) Flag(propagate, "invalid @propagate value");

        bool isProtected = definition.TryGetPropertyValue(Keyword.Protected, out JsonNode? protection) && Flag(protection, "invalid @protected value");
        TermDefiner definer = new(this, result, definition, baseUrl, isProtected, overrideProtected, remote);
        foreach ((string term, _) in definition)
        {
            if (term is not (Keyword.Base or Keyword.Direction or Keyword.Import or Keyword.Language or Keyword.Propagate or Keyword.Protected or Keyword.Version or Keyword.Vocab))
                definer.Define(term);
        }
    }

    private JsonObject Imported(JsonObject definition, JsonNode? import, string? baseUrl)
    {
        if (!IriExpansion.IsText(import, out string reference))
            throw new JsonLdException("invalid @import value", "A context has an @import that is not a text.");
        string url = IriReference.Resolve(baseUrl, reference);
        if (ContextOf(loader.Load(url), url) is not JsonObject imported)
            throw new JsonLdException("invalid remote context", $"The imported context {url} is not an object.");
        if (imported.ContainsKey(Keyword.Import))
            throw new JsonLdException("invalid context entry", $"The imported context {url} imports another one.");
        JsonObject merged = (JsonObject)imported.DeepClone();
        foreach ((string name, JsonNode? value) in definition)
        {
            if (name != Keyword.Import) merged[name] = value?.DeepClone();
        }

        return merged;
    }

    private static string? BaseIri(ActiveContext result, JsonNode? node)
    {
        if (node is null) return null;
        if (!IriExpansion.IsText(node, out string iri) || (!Iri.HasScheme(iri) && result.Base is null))
            throw new JsonLdException("invalid base IRI", "A context has an @base that is not an IRI.");
        return IriReference.Resolve(result.Base, iri);
    }

    private static string? Vocabulary(ActiveContext result, JsonNode? node)
    {
        if (node is null) return null;
        if (!IriExpansion.IsText(node, out string text) || Keyword.Is(text)) throw Invalid();
        Iri? iri = IriExpansion.Expand(result, text, vocab: true, documentRelative: true);
        return iri?.Text ?? throw Invalid();

        static JsonLdException Invalid() => new("invalid vocab mapping", "A context has an @vocab that is not an IRI.");
    }

    internal static string? Direction(JsonNode? node) => node is null ? null
        : IriExpansion.IsText(node, out string text) && text is "ltr" or "rtl" ? text
        : throw new JsonLdException("invalid base direction", "An @direction is neither ltr nor rtl.");

    internal static bool Flag(JsonNode? node, string code) => node is JsonValue value && value.TryGetValue(out bool flag)
        ? flag
        : throw new JsonLdException(code, "A context has a flag that is neither true nor false: " + code + ".");
}
