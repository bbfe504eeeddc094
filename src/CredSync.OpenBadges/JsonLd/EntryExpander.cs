using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Expands the entries of one object (JSON-LD 1.1 API section 5.1.2, steps 13 and 14).</summary>
internal sealed class EntryExpander(Expander expander, ActiveContext active, ActiveContext typeScoped, string? property, Expanded result, bool isJson)
{
    private List<string>? nests;

    public void Expand(JsonObject map)
    {
        foreach ((string key, JsonNode? value) in map)
        {
            if (key == Keyword.Context || expander.IsLeftOut(map, key)) continue;
            active.Terms.TryGetValue(key, out TermDefinition? term);
            Iri? name = term is not null ? term.Iri : IriExpansion.Vocabulary(active, key);
            if (name is null || !(Keyword.Is(name.Text) || name.Text.Contains(':', StringComparison.Ordinal))) expander.Safe.UndefinedTerm(key);
            else Expand(name, key, term, value);
        }

        if (nests is null) return;
        List<string> pending = nests;
        nests = null;
        foreach (string nest in pending) ExpandNest(nest, map[nest]);
    }

    private void Expand(Iri name, string key, TermDefinition? term, JsonNode? value)
    {
        expander.Safe.Alias(key, term, name.Text, active);
        if (!Keyword.Is(name.Text))
        {
            ExpandProperty(name, key, term, value);
            return;
        }

        if (name.Text is Keyword.Graph or Keyword.Included or Keyword.Nest or Keyword.Reverse or Keyword.Set) expander.Safe.Roundabout(name.Text);
        ExpandKeyword(name.Text, key, value);
    }

    private void ExpandNest(string nest, JsonNode? nested)
    {
        ActiveContext outer = active;
        if (active.Terms.TryGetValue(nest, out TermDefinition? term) && term.HasContext) active = expander.Contexts.Scoped(active, term, ofType: false);
        foreach (JsonNode? entry in OneOrMany.Of(nested))
        {
            if (entry is not JsonObject map || map.Any(pair => Expander.Stands(active, pair.Key, Keyword.Value)))
                throw new JsonLdException("invalid @nest value", $"The value of \"{nest}\" must be an object without @value.");
            Expand(map);
        }

        active = outer;
    }

    private void ExpandKeyword(string keyword, string key, JsonNode? value)
    {
        if (property == Keyword.Reverse) throw new JsonLdException("invalid reverse property map", "An @reverse object has a keyword as its property.");
        if (IsThere(keyword)) throw new JsonLdException("colliding keywords", $"An object has two entries that stand for {keyword}.");
        switch (keyword)
        {
            case Keyword.Id:
                ReadId(value);
                break;
            case Keyword.Type:
                ReadTypes(value);
                break;
            case Keyword.Graph:
                result.Graph = Children(Keyword.Graph, value);
                break;
            case Keyword.Included:
                List<Expanded> included = Children(Keyword.Included, value);
                if (value is null || included.Any(node => !node.IsNode)) throw new JsonLdException("invalid @included value", "An @included value is not a node.");
                (result.Included ??= []).AddRange(included);
                break;
            case Keyword.Value:
                if (!isJson && value is not (null or JsonValue)) throw new JsonLdException("invalid value object value", "An @value is neither a text, a number, a flag nor null.");
                result.HasValue = true;
                result.Value = value;
                break;
            case Keyword.Language:
                result.Language = Text(value, "invalid language-tagged string", keyword);
                break;
            case Keyword.Direction:
                result.Direction = ContextProcessor.Direction(value) ?? throw new JsonLdException("invalid base direction", "An @direction is neither ltr nor rtl.");
                break;
            case Keyword.Index:
                result.Index = Text(value, "invalid @index value", keyword);
                expander.Safe.Dropped("an @index");
                break;
            case Keyword.List:
                if (property is not (null or Keyword.Graph)) result.List = Children(property, value);
                else expander.Safe.Dropped("a list that belongs to no property");
                break;
            case Keyword.Set:
                result.Set = Children(property, value);
                break;
            case Keyword.Reverse:
                ReadReverse(value);
                break;
            case Keyword.Nest:
                if (nests is null || !nests.Contains(key)) (nests ??= []).Add(key);
                break;
            default:
                // The rest (@base, @vocab and the like) says nothing outside of a context.
                expander.Safe.UndefinedTerm(key);
                break;
        }
    }

    private bool IsThere(string keyword) => keyword switch
    {
        Keyword.Id => result.Id is not null,
        Keyword.Graph => result.Graph is not null,
        Keyword.Value => result.HasValue,
        Keyword.Language => result.Language is not null,
        Keyword.Direction => result.Direction is not null,
        Keyword.Index => result.Index is not null,
        Keyword.List => result.List is not null,
        Keyword.Set => result.Set is not null,
        _ => false,
    };

    private void ReadId(JsonNode? value)
    {
        string id = Text(value, "invalid @id value", Keyword.Id);
        result.Id = IriExpansion.Expand(active, id, vocab: false, documentRelative: true) ?? expander.Safe.Reserved(id);
        if (result.Id is { IsBlank: false } iri && !Iri.HasScheme(iri.Text)) expander.Safe.Relative("id of an object");
    }

    private void ReadTypes(JsonNode? value)
    {
        result.TypesWereArray = value is JsonArray;
        result.Types ??= [];
        if (value is JsonArray several)
        {
            foreach (JsonNode? entry in several) ReadType(entry);
        }
        else
        {
            ReadType(value);
        }
    }

    private void ReadType(JsonNode? entry)
    {
        if (!IriExpansion.IsText(entry, out string text)) throw new JsonLdException("invalid type value", "An @type is neither a text nor an array of texts.");
        Iri? type = IriExpansion.Expand(typeScoped, text, vocab: true, documentRelative: true);
        if (type is null || !(type.IsBlank || Keyword.Is(type.Text) || Iri.HasScheme(type.Text))) expander.Safe.UndefinedType(text);
        if (type is not null) result.Types!.Add(type);
    }

    private void ReadReverse(JsonNode? value)
    {
        if (value is not JsonObject) throw new JsonLdException("invalid @reverse value", "An @reverse value is not an object.");
        foreach (Expanded reverse in Children(Keyword.Reverse, value))
        {
            // What is reverse twice points forward again.
            foreach ((Iri name, Expanded node) in reverse.Reverse ?? []) result.Add(name, node);
            foreach ((Iri name, Expanded node) in reverse.Properties ?? []) AddReverse(name, node);
        }
    }

    private void ExpandProperty(Iri name, string key, TermDefinition? term, JsonNode? value)
    {
        // Most of a credential is plain texts; they need none of what follows.
        if (value is JsonValue plain && (term is null || (!term.IsReverse && !term.HasContext && !term.Has(Containers.List | Containers.Graph))))
        {
            result.Add(name, expander.ExpandValue(active, term, plain));
            return;
        }

        List<Expanded> values = [];
        Expander.Shape shape = Expander.Shape.Many;
        if (term?.Type?.Text == Keyword.Json)
        {
            values.Add(new Expanded { HasValue = true, Value = value, Datatype = term.Type });
            shape = Expander.Shape.One;
        }
        else if (term is not null && term.Has(Containers.Language) && value is JsonObject languages)
        {
            new MapExpander(expander, active, key, term).ExpandLanguages(languages, values);
        }
        else if (term is not null && term.Has(Containers.Index | Containers.Type | Containers.Id) && value is JsonObject entries)
        {
            new MapExpander(expander, active, key, term).Expand(entries, values);
        }
        else
        {
            shape = expander.Expand(active, key, value, false, values);
            if (shape == Expander.Shape.Nothing) return;
        }

        if (term is not null && term.Has(Containers.List) && !(shape == Expander.Shape.One && values[0].List is not null)) values = [new Expanded { List = values }];
        if (term is not null && term.Has(Containers.Graph) && !term.Has(Containers.Id | Containers.Index))
            values = values.ConvertAll(node => new Expanded { Graph = [node] });
        foreach (Expanded item in values)
        {
            if (term is { IsReverse: true }) AddReverse(name, item);
            else result.Add(name, item);
        }
    }

    private void AddReverse(Iri name, Expanded item)
    {
        if (!item.IsNode) throw new JsonLdException("invalid reverse property value", "A reverse property has a value that is not a node.");
        result.AddReverse(name, item);
    }

    private List<Expanded> Children(string? under, JsonNode? value)
    {
        List<Expanded> children = [];
        expander.Expand(active, under, value, false, children);
        return children;
    }

    private static string Text(JsonNode? value, string code, string keyword) =>
        value?.GetValueKind() == JsonValueKind.String && IriExpansion.IsText(value, out string text) ? text : throw new JsonLdException(code, $"An {keyword} is not a text.");
}
