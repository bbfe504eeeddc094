using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>The rules for objects with @value (JSON-LD 1.1 API section 5.1.2, step 15).</summary>
internal static class ValueObject
{
    /// <summary>Checks one; false when it says nothing.</summary>
    public static bool Check(Expanded result)
    {
        if (result.HasNodeEntries || result.List is not null || result.Set is not null || (result.Types is not null && (result.Language is not null || result.Direction is not null)))
            throw new JsonLdException("invalid value object", "An object with @value has entries that values do not have.");
        if (result.Types is [{ Text: Keyword.Json }] && !result.TypesWereArray)
        {
            result.Datatype = result.Types[0];
            return true;
        }

        if (result.Value is null) return false;
        if (result.Value is not JsonValue) throw new JsonLdException("invalid value object value", "An @value is neither a text, a number, a flag nor null.");
        if (result.Language is not null && result.Value.GetValueKind() != JsonValueKind.String)
            throw new JsonLdException("invalid language-tagged value", "An object with @language has an @value that is not a text.");
        if (result.Types is not null)
        {
            if (result.TypesWereArray || result.Types.Count != 1 || !Iri.IsWellFormed(result.Types[0].Text))
                throw new JsonLdException("invalid typed value", "An object with @value has an @type that is not one IRI.");
            result.Datatype = result.Types[0];
        }

        return true;
    }
}
