using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Expands the values of terms that are maps: by language, index, id or type (JSON-LD 1.1 API section 5.1.2, steps 13.7 and 13.8).</summary>
internal sealed class MapExpander(Expander expander, ActiveContext active, string key, TermDefinition term)
{
    public void ExpandLanguages(JsonObject languages, List<Expanded> output)
    {
        string? direction = term.HasDirection ? term.Direction : active.Direction;
        foreach ((string language, JsonNode? values) in languages.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            bool none = language == Keyword.None || IriExpansion.Vocabulary(active, language)?.Text == Keyword.None;
            foreach (JsonNode? value in OneOrMany.Of(values))
            {
                if (value is null) continue;
                if (!IriExpansion.IsText(value, out _)) throw new JsonLdException("invalid language map value", $"The language map \"{key}\" has a value that is not a text.");
                output.Add(new Expanded { HasValue = true, Value = value, Language = none ? null : language, Direction = direction });
            }
        }
    }

    public void Expand(JsonObject entries, List<Expanded> output)
    {
        foreach ((string index, JsonNode? value) in entries.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ActiveContext context = term.Has(Containers.Id | Containers.Type) && active.Previous is not null ? active.Previous : active;
            if (term.Has(Containers.Type) && context.Terms.TryGetValue(index, out TermDefinition? type) && type.HasContext)
                context = expander.Contexts.Scoped(context, type, ofType: false);
            Iri? expandedIndex = IriExpansion.Vocabulary(active, index);
            bool none = expandedIndex?.Text == Keyword.None;
            List<Expanded> items = [];
            expander.Expand(context, key, value is JsonArray ? value : new JsonArray(value?.DeepClone()), true, items);
            foreach (Expanded item in items)
            {
                Expanded placed = term.Has(Containers.Graph) && !item.IsGraph ? new Expanded { Graph = [item] } : item;
                if (!none) Mark(placed, index, expandedIndex);
                output.Add(placed);
            }
        }
    }

    /// <summary>Puts the key of the map entry where the container says.</summary>
    private void Mark(Expanded item, string index, Iri? expandedIndex)
    {
        if (term.Has(Containers.Index))
        {
            if (term.Index is not (null or Keyword.Index))
            {
                MarkByProperty(item, index, term.Index);
                return;
            }

            expander.Safe.Dropped($"the keys of the map \"{key}\"");
            item.Index ??= index;
        }
        else if (term.Has(Containers.Id))
        {
            item.Id ??= IriExpansion.Expand(active, index, vocab: false, documentRelative: true);
        }
        else if (expandedIndex is not null)
        {
            (item.Types ??= []).Insert(0, expandedIndex);
        }
    }

    private void MarkByProperty(Expanded item, string index, string property)
    {
        if (item.HasValue) throw new JsonLdException("invalid value object", $"The map \"{key}\" is indexed by a property, but has values instead of nodes.");
        Iri name = IriExpansion.Vocabulary(active, property) ?? new Iri(property);
        item.Add(name, expander.ExpandValue(active, active.Terms.GetValueOrDefault(property), JsonValue.Create(index)));
    }
}
