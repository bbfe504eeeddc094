using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CredSync.OpenBadges.Tests.Validation;

/// <summary>Those keywords of JSON Schema 2019-09 that 1EdTech's schemas use, read straight from the schema file; any other keyword is refused.</summary>
internal sealed class SchemaOracle(JsonObject root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "title", "description", "$comment", "$defs", "additionalItems"];

    public bool Accepts(JsonNode? value) => Accepts(value, root);

    private bool Accepts(JsonNode? value, JsonNode schema)
    {
        if (schema is JsonValue flag)
        {
            return flag.GetValue<bool>();
        }

        return schema.AsObject().All(keyword => Annotations.Contains(keyword.Key) || Holds(value, keyword.Key, keyword.Value!, schema.AsObject()));
    }

    private bool Holds(JsonNode? value, string keyword, JsonNode rule, JsonObject schema) => keyword switch
    {
        "$ref" => Accepts(value, root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!),
        "allOf" => rule.AsArray().All(r => Accepts(value, r!)),
        "anyOf" => rule.AsArray().Any(r => Accepts(value, r!)),
        "oneOf" => rule.AsArray().Count(r => Accepts(value, r!)) == 1,
        "type" => IsType(value, rule.GetValue<string>()),
        "enum" => rule.AsArray().Any(r => JsonNode.DeepEquals(r, value)),
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, rule.GetValue<string>()),
        "format" => Text(value) is not { } text || IsFormat(text, rule.GetValue<string>()),
        "required" => value is not JsonObject item || rule.AsArray().All(r => item.ContainsKey(r!.GetValue<string>())),
        "properties" => value is not JsonObject item || rule.AsObject().All(p => !item.ContainsKey(p.Key) || Accepts(item[p.Key], p.Value!)),
        "additionalProperties" => value is not JsonObject item
            || item.All(p => schema["properties"]?.AsObject().ContainsKey(p.Key) == true || Accepts(p.Value, rule)),
        "propertyNames" => value is not JsonObject item || item.All(p => Accepts(JsonValue.Create(p.Key), rule)),
        "minItems" => value is not JsonArray array || array.Count >= rule.GetValue<int>(),
        "contains" => value is not JsonArray array || array.Any(i => Accepts(i, rule)),
        "items" => value is not JsonArray array || Items(array, rule, schema),
        _ => throw new NotSupportedException($"The schema uses the keyword {keyword}."),
    };

    private bool Items(JsonArray array, JsonNode rule, JsonObject schema)
    {
        if (rule is not JsonArray rules)
        {
            return array.All(i => Accepts(i, rule));
        }

        return array.Select((item, i) => (item, i)).All(pair =>
            pair.i < rules.Count ? Accepts(pair.item, rules[pair.i]!) : schema["additionalItems"] is not { } further || Accepts(pair.item, further));
    }

    private static bool IsType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value is JsonValue v && v.TryGetValue(out bool _),
        "number" => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        _ => throw new NotSupportedException($"The schema uses the type {type}."),
    };

    private static bool IsFormat(string text, string format) => format switch
    {
        "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => throw new NotSupportedException($"The schema uses the format {format}."),
    };

    private static string? Text(JsonNode? value) => value is JsonValue v && v.TryGetValue(out string? text) ? text : null;
}
