using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Create Term Definition (JSON-LD 1.1 API section 4.2) for the terms of one context.</summary>
internal sealed class TermDefiner(
    ContextProcessor processor, ActiveContext active, JsonObject local, string? baseUrl, bool isProtected, bool overrideProtected, IReadOnlyList<string> remote)
{
    /// <summary>How many terms may lead to one another.</summary>
    private const int DeepestChain = 128;

    private readonly Dictionary<string, bool> defined = [];
    private int depth;

    public void Define(string term)
    {
        if (defined.TryGetValue(term, out bool complete))
        {
            if (complete) return;
            throw Invalid("cyclic IRI mapping", term, "is defined by itself");
        }

        if (term.Length == 0) throw Invalid("invalid term definition", term, "has no name");
        defined[term] = false;
        JsonNode? value = local[term];
        if (term == Keyword.Type) CheckTypeKeyword(value);
        else if (Keyword.Is(term)) throw Invalid("keyword redefinition", term, "is a keyword");
        else if (Keyword.LooksLikeOne(term)) return;

        active.Terms.Remove(term, out TermDefinition? previous);
        bool simple = IriExpansion.IsText(value, out _);
        JsonObject definition = value switch
        {
            null => new JsonObject { [Keyword.Id] = null },
            JsonObject complex => complex,
            _ when simple => new JsonObject { [Keyword.Id] = value.DeepClone() },
            _ => throw Invalid("invalid term definition", term, "is neither a text nor an object"),
        };
        if (++depth > DeepestChain) throw Invalid("context overflow", term, $"is defined by more than {DeepestChain} others");
        TermDefinition? made = Make(term, definition, simple);
        depth--;
        if (made is null) return;
        if (!overrideProtected && previous is { IsProtected: true })
        {
            if (!made.SaysTheSameAs(previous)) throw Invalid("protected term redefinition", term, "is protected and cannot be defined anew");
            made = previous;
        }

        active.Terms[term] = made;
        defined[term] = true;
    }

    private TermDefinition? Make(string term, JsonObject definition, bool simple)
    {
        TermDefinition made = new() { IsProtected = isProtected };
        if (definition.TryGetPropertyValue(Keyword.Protected, out JsonNode? protection)) made.IsProtected = ContextProcessor.Flag(protection, "invalid @protected value");
        if (definition.TryGetPropertyValue(Keyword.Type, out JsonNode? type)) made.Type = TypeMapping(term, type);
        if (definition.TryGetPropertyValue(Keyword.Reverse, out JsonNode? reverse))
            return MakeReverse(term, definition, reverse, made) ? made : null;
        if (!MapIri(term, definition, simple, made)) return null;
        TermFacets facets = new(term, definition, made);
        facets.ReadContainer();
        facets.ReadIndex(text => Expand(text));
        ReadContext(term, definition, made);
        facets.ReadRest();
        return made;
    }

    private static void CheckTypeKeyword(JsonNode? value)
    {
        bool valid = value is JsonObject { Count: > 0 } definition
            && definition.All(entry => entry.Key == Keyword.Protected || (entry.Key == Keyword.Container && IriExpansion.IsText(entry.Value, out string container) && container == Keyword.Set));
        if (!valid) throw Invalid("keyword redefinition", Keyword.Type, "may only be given the container @set and protection");
    }

    private Iri TypeMapping(string term, JsonNode? node)
    {
        Iri? type = IriExpansion.IsText(node, out string text) ? Expand(text) : null;
        if (type?.Text is Keyword.Id or Keyword.Vocab or Keyword.Json or Keyword.None || (type is not null && Iri.HasScheme(type.Text))) return type;
        throw Invalid("invalid type mapping", term, "has a type that is not an IRI");
    }

    private bool MakeReverse(string term, JsonObject definition, JsonNode? reverse, TermDefinition made)
    {
        if (definition.ContainsKey(Keyword.Id) || definition.ContainsKey(Keyword.Nest)) throw Invalid("invalid reverse property", term, "is reverse and cannot have @id or @nest");
        if (!IriExpansion.IsText(reverse, out string text)) throw Invalid("invalid IRI mapping", term, "has an @reverse that is not a text");
        if (!Keyword.Is(text) && Keyword.LooksLikeOne(text)) return false;
        made.Iri = Expand(text);
        if (made.Iri is null || !made.Iri.Text.Contains(':', StringComparison.Ordinal)) throw Invalid("invalid IRI mapping", term, "has an @reverse that is not an IRI");
        if (definition.TryGetPropertyValue(Keyword.Container, out JsonNode? container) && container is not null)
        {
            made.Containers = IriExpansion.IsText(container, out string name) && name is Keyword.Set or Keyword.Index
                ? name == Keyword.Set ? Containers.Set : Containers.Index
                : throw Invalid("invalid reverse property", term, "is reverse and can only have the containers @set and @index");
        }

        made.IsReverse = true;
        return true;
    }

    private bool MapIri(string term, JsonObject definition, bool simple, TermDefinition made)
    {
        if (definition.TryGetPropertyValue(Keyword.Id, out JsonNode? id) && !(IriExpansion.IsText(id, out string same) && same == term))
        {
            if (id is null) return true;
            if (!IriExpansion.IsText(id, out string text)) throw Invalid("invalid IRI mapping", term, "has an @id that is not a text");
            if (!Keyword.Is(text) && Keyword.LooksLikeOne(text)) return false;
            made.Iri = Expand(text);
            if (made.Iri is null || !(Keyword.Is(made.Iri.Text) || made.Iri.IsBlank || Iri.HasScheme(made.Iri.Text)))
                throw Invalid("invalid IRI mapping", term, "has an @id that is not an IRI");
            if (made.Iri.Text == Keyword.Context) throw Invalid("invalid keyword alias", term, "cannot stand for @context");
            if (term.Contains('/', StringComparison.Ordinal) || (term.Length > 2 && term.AsSpan(1, term.Length - 2).Contains(':')))
            {
                defined[term] = true;
                if (Expand(term)?.Text != made.Iri.Text) throw Invalid("invalid IRI mapping", term, "looks like an IRI but is mapped to another one");
            }
            else if (!term.Contains(':', StringComparison.Ordinal) && simple)
            {
                made.IsPrefix = made.Iri.IsBlank || (made.Iri.Text.Length > 0 && ":/?#[]@".Contains(made.Iri.Text[^1], StringComparison.Ordinal));
            }

            return true;
        }

        made.Iri = Implied(term);
        return true;
    }

    /// <summary>The IRI of a term that gives none: of a compact IRI, of a relative one, of the vocabulary.</summary>
    private Iri Implied(string term)
    {
        int colon = term.Length > 1 ? term.IndexOf(':', 1) : -1;
        if (colon > 0)
        {
            string prefix = term[..colon];
            Ensure(prefix);
            return active.Terms.TryGetValue(prefix, out TermDefinition? scheme) && scheme.Iri is not null
                ? new Iri(string.Concat(scheme.Iri.Text, term.AsSpan(colon + 1)))
                : new Iri(term);
        }

        if (term.Contains('/', StringComparison.Ordinal))
        {
            defined[term] = true;
            Iri? iri = Expand(term);
            return iri is not null && Iri.HasScheme(iri.Text) ? iri : throw Invalid("invalid IRI mapping", term, "is not an IRI");
        }

        if (term == Keyword.Type) return new Iri(Keyword.Type);
        return active.Vocab is not null ? new Iri(active.Vocab + term) : throw Invalid("invalid IRI mapping", term, "has neither an @id nor a vocabulary");
    }

    /// <summary>Checks the scoped context now, so that a mistake in it shows where it is made.</summary>
    private void ReadContext(string term, JsonObject definition, TermDefinition made)
    {
        if (!definition.TryGetPropertyValue(Keyword.Context, out JsonNode? context)) return;
        try
        {
            processor.Process(active, context, baseUrl, remote, overrideProtected: true, propagate: true, validateScoped: false);
        }
        catch (JsonLdException cause) when (cause.Code != "unknown context")
        {
            throw new JsonLdException("invalid scoped context", $"The term \"{term}\" has a scoped context with an error: {cause.Message}", cause);
        }

        made.Context = context;
        made.HasContext = true;
        made.ContextBase = baseUrl;
    }

    private Iri? Expand(string text) => IriExpansion.Expand(active, text, vocab: true, documentRelative: false, Ensure);

    private void Ensure(string term)
    {
        if (local.ContainsKey(term) && !(defined.TryGetValue(term, out bool complete) && complete)) Define(term);
    }

    internal static JsonLdException Invalid(string code, string term, string what) => new(code, $"The context's term \"{term}\" {what}.");
}
