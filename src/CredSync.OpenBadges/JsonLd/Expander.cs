using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Expansion (JSON-LD 1.1 API section 5.1): replaces every term by what its context says.</summary>
internal sealed class Expander(JsonLdOptions options, ContextProcessor contexts, JsonNode? top, string? without)
{
    private const int DeepestLevel = 256;

    private readonly SafeMode safe = new(options.Safe);
    private int level;

    /// <summary>What an element became: nothing, one object, or an array of them.</summary>
    internal enum Shape
    {
        Nothing,
        One,
        Many,
    }

    public SafeMode Safe => safe;

    /// <summary>Whether a member is the one at the top of the document that is left out: a credential is read without its proofs.</summary>
    public bool IsLeftOut(JsonObject map, string key) => key == without && ReferenceEquals(map, top);

    public ContextProcessor Contexts => contexts;

    /// <summary>Expands a document; the nodes at its top are added to the output.</summary>
    public void ExpandDocument(ActiveContext active, JsonNode? document, List<Expanded> output)
    {
        List<Expanded> found = [];
        Expand(active, null, document, false, found);
        if (found is [{ IsOnlyGraph: true } only] && document is JsonObject) output.AddRange(only.Graph!);
        else output.AddRange(found);
    }

    internal Shape Expand(ActiveContext active, string? property, JsonNode? element, bool fromMap, List<Expanded> output)
    {
        switch (element)
        {
            case null:
                return Shape.Nothing;
            case JsonArray items:
                return ExpandArray(active, property, items, fromMap, output);
            case JsonObject map:
                if (++level > DeepestLevel) throw new JsonLdException("nesting overflow", $"The document nests deeper than {DeepestLevel} levels.");
                Shape shape = ExpandObject(active, property, map, fromMap, output);
                level--;
                return shape;
            default:
                return ExpandScalar(active, property, (JsonValue)element, output);
        }
    }

    private Shape ExpandScalar(ActiveContext active, string? property, JsonValue value, List<Expanded> output)
    {
        if (property is null or Keyword.Graph)
        {
            safe.Dropped("a value that stands where only objects can");
            return Shape.Nothing;
        }

        TermDefinition? term = active.Terms.GetValueOrDefault(property);
        if (term is { HasContext: true })
        {
            active = contexts.Scoped(active, term, ofType: false);
            term = active.Terms.GetValueOrDefault(property);
        }

        output.Add(ExpandValue(active, term, value));
        return Shape.One;
    }

    /// <summary>Value Expansion, section 5.3.</summary>
    internal Expanded ExpandValue(ActiveContext active, TermDefinition? term, JsonValue value)
    {
        Iri? type = term?.Type;
        bool isText = value.TryGetValue(out string? text);
        if (type is not null && isText && type.Text is Keyword.Id or Keyword.Vocab)
            return new Expanded { Id = IriExpansion.Expand(active, text!, vocab: type!.Text == Keyword.Vocab, documentRelative: true) ?? safe.Reserved(text!) };
        if (type is not null && type.Text is not (Keyword.Id or Keyword.Vocab or Keyword.None)) return new Expanded { HasValue = true, Value = value, Datatype = type };
        if (!isText) return new Expanded { HasValue = true, Value = value };
        return new Expanded
        {
            HasValue = true, Value = value,
            Language = term is { HasLanguage: true } ? term.Language : active.Language,
            Direction = term is { HasDirection: true } ? term.Direction : active.Direction,
        };
    }

    private Shape ExpandArray(ActiveContext active, string? property, JsonArray items, bool fromMap, List<Expanded> output)
    {
        bool listOfLists = property is not null && active.Terms.TryGetValue(property, out TermDefinition? term) && term.Has(Containers.List);
        if (++level > DeepestLevel) throw new JsonLdException("nesting overflow", $"The document nests deeper than {DeepestLevel} levels.");
        foreach (JsonNode? item in items)
        {
            if (listOfLists && item is JsonArray)
            {
                List<Expanded> inner = [];
                Expand(active, property, item, fromMap, inner);
                output.Add(new Expanded { List = inner });
            }
            else
            {
                Expand(active, property, item, fromMap, output);
            }
        }

        level--;
        return Shape.Many;
    }

    private Shape ExpandObject(ActiveContext active, string? property, JsonObject map, bool fromMap, List<Expanded> output)
    {
        // A term's own context is looked up before a context that does not propagate is left.
        TermDefinition? term = property is null ? null : active.Terms.GetValueOrDefault(property);
        if (active.Previous is not null && !fromMap && !KeepsContext(active, map)) active = active.Previous;
        if (term is { HasContext: true }) active = contexts.Scoped(active, term, ofType: false);
        if (map.TryGetPropertyValue(Keyword.Context, out JsonNode? local)) active = contexts.OfDocument(active, local, options.BaseIri);

        ActiveContext typeScoped = active;
        bool isJson = ApplyTypeContexts(ref active, typeScoped, map);
        Expanded result = new();
        new EntryExpander(this, active, typeScoped, property, result, isJson).Expand(map);
        bool plain = result.Types is null && result.Language is null && result.Direction is null && active.Language is null;
        if (result.HasValue && (plain || term?.Type is not null)) safe.Roundabout("an @value where the value itself can stand");
        return Finish(property, result, output);
    }

    private static bool KeepsContext(ActiveContext active, JsonObject map)
    {
        foreach ((string key, _) in map)
        {
            if (Stands(active, key, Keyword.Value)) return true;
            if (map.Count == 1 && Stands(active, key, Keyword.Id)) return true;
        }

        return false;
    }

    /// <summary>Steps 11 and 12: the contexts of the types, and whether the value is JSON.</summary>
    private bool ApplyTypeContexts(ref ActiveContext active, ActiveContext typeScoped, JsonObject map)
    {
        List<string>? keys = null;
        foreach ((string key, _) in map)
        {
            if (Stands(typeScoped, key, Keyword.Type)) (keys ??= []).Add(key);
        }

        if (keys is null) return false;
        if (keys.Count > 1) keys.Sort(string.CompareOrdinal);
        string? inputType = null;
        foreach (string key in keys)
        {
            if (map[key] is JsonArray several)
            {
                string[] types = [.. several.Select(node => IriExpansion.IsText(node, out string text) ? text : null).OfType<string>()];
                if (key == keys[0]) inputType = types.Length > 0 ? types[^1] : null;
                if (types.Length > 1) Array.Sort(types, string.CompareOrdinal);
                foreach (string type in types) ApplyTypeContext(ref active, typeScoped, type);
            }
            else if (IriExpansion.IsText(map[key], out string type))
            {
                if (key == keys[0]) inputType = type;
                ApplyTypeContext(ref active, typeScoped, type);
            }
        }

        return inputType is not null && (inputType == Keyword.Json || IriExpansion.Vocabulary(active, inputType)?.Text == Keyword.Json);
    }

    private void ApplyTypeContext(ref ActiveContext active, ActiveContext typeScoped, string type)
    {
        if (typeScoped.Terms.TryGetValue(type, out TermDefinition? term) && term.HasContext) active = contexts.Scoped(active, term, ofType: true);
    }

    internal static bool Stands(ActiveContext active, string key, string keyword) =>
        key == keyword || (active.Terms.TryGetValue(key, out TermDefinition? term) && term.Iri?.Text == keyword);

    /// <summary>Steps 15 to 19: checks what the object turned out to be and drops what says nothing.</summary>
    private Shape Finish(string? property, Expanded result, List<Expanded> output)
    {
        if (result.HasValue)
        {
            if (!ValueObject.Check(result))
            {
                safe.Dropped("a value object whose @value is null");
                return Shape.Nothing;
            }
        }
        else if (result.Set is not null || result.List is not null)
        {
            if (result.HasNodeEntries || result.Types is not null || result.Language is not null || result.Direction is not null || (result.Set is not null && result.List is not null))
                throw new JsonLdException("invalid set or list object", "An object with @set or @list has other entries.");
            if (result.Set is not null)
            {
                output.AddRange(result.Set);
                return Shape.Many;
            }
        }
        else if (result.Language is not null && !result.HasNodeEntries && result.Types is null && result.Index is null && result.Direction is null)
        {
            safe.Dropped("an object with nothing but @language");
            return Shape.Nothing;
        }

        if (property is null or Keyword.Graph)
        {
            if (result.IsEmpty || result.HasValue || result.List is not null || result.IsOnlyId)
            {
                safe.Dropped("an object that says nothing where only nodes can stand");
                return Shape.Nothing;
            }
        }

        output.Add(result);
        return Shape.One;
    }
}
