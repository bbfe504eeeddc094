using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>The parts of a term definition besides its IRI and its scoped context (JSON-LD 1.1 API section 4.2, steps 19 to 26).</summary>
internal sealed class TermFacets(string term, JsonObject definition, TermDefinition made)
{
    public void ReadContainer()
    {
        if (!definition.TryGetPropertyValue(Keyword.Container, out JsonNode? node)) return;
        Containers found = Containers.None;
        int count = 0;
        foreach (JsonNode? entry in OneOrMany.Of(node))
        {
            Containers container = IriExpansion.IsText(entry, out string name) ? Named(name) : Containers.None;
            if (container == Containers.None || (found & container) != 0) throw Container();
            found |= container;
            count++;
        }

        Containers besidesSet = found & ~Containers.Set;
        bool valid = count == 1
            || ((found & Containers.Graph) != 0 && (besidesSet & ~Containers.Graph) is Containers.None or Containers.Id or Containers.Index)
            || ((found & Containers.Set) != 0 && count == 2 && (found & Containers.List) == 0);
        if (!valid || count == 0) throw Container();
        made.Containers = found;
        if ((found & Containers.Type) == 0) return;
        made.Type ??= new Iri(Keyword.Id);
        if (made.Type.Text is not (Keyword.Id or Keyword.Vocab)) throw TermDefiner.Invalid("invalid type mapping", term, "is a type map, whose values must be of type @id or @vocab");
    }

    public void ReadIndex(Func<string, Iri?> expand)
    {
        if (!definition.TryGetPropertyValue(Keyword.Index, out JsonNode? node)) return;
        if (!made.Has(Containers.Index) || !IriExpansion.IsText(node, out string index) || expand(index) is not { } iri || !Iri.HasScheme(iri.Text))
            throw TermDefiner.Invalid("invalid term definition", term, "has an @index that is not an IRI, or no index container");
        made.Index = index;
    }

    public void ReadRest()
    {
        if (definition.TryGetPropertyValue(Keyword.Language, out JsonNode? language) && !definition.ContainsKey(Keyword.Type))
        {
            string text = "";
            if (language is not null && !IriExpansion.IsText(language, out text)) throw TermDefiner.Invalid("invalid language mapping", term, "has an @language that is not a text");
            made.Language = language is null ? null : text.ToLowerInvariant();
            made.HasLanguage = true;
        }

        if (definition.TryGetPropertyValue(Keyword.Direction, out JsonNode? direction) && !definition.ContainsKey(Keyword.Type))
        {
            made.Direction = ContextProcessor.Direction(direction);
            made.HasDirection = true;
        }

        if (definition.TryGetPropertyValue(Keyword.Nest, out JsonNode? nest))
        {
            if (!IriExpansion.IsText(nest, out string name) || (Keyword.Is(name) && name != Keyword.Nest)) throw TermDefiner.Invalid("invalid @nest value", term, "has an @nest that is not a term");
            made.Nest = name;
        }

        if (definition.TryGetPropertyValue(Keyword.Prefix, out JsonNode? prefix))
        {
            if (term.Contains(':', StringComparison.Ordinal) || term.Contains('/', StringComparison.Ordinal)) throw TermDefiner.Invalid("invalid term definition", term, "cannot be a prefix");
            made.IsPrefix = ContextProcessor.Flag(prefix, "invalid @prefix value");
            if (made.IsPrefix && made.Iri is not null && Keyword.Is(made.Iri.Text)) throw TermDefiner.Invalid("invalid term definition", term, "stands for a keyword and cannot be a prefix");
        }

        foreach ((string name, _) in definition)
        {
            if (name is not (Keyword.Id or Keyword.Reverse or Keyword.Container or Keyword.Context or Keyword.Direction or Keyword.Index or Keyword.Language
                or Keyword.Nest or Keyword.Prefix or Keyword.Protected or Keyword.Type))
                throw TermDefiner.Invalid("invalid term definition", term, $"has an entry {name} that definitions do not have");
        }
    }

    private static Containers Named(string name) => name switch
    {
        Keyword.Graph => Containers.Graph,
        Keyword.Id => Containers.Id,
        Keyword.Index => Containers.Index,
        Keyword.Language => Containers.Language,
        Keyword.List => Containers.List,
        Keyword.Set => Containers.Set,
        Keyword.Type => Containers.Type,
        _ => Containers.None,
    };

    private JsonLdException Container() => TermDefiner.Invalid("invalid container mapping", term, "has a container that does not exist or a combination that is not allowed");
}
