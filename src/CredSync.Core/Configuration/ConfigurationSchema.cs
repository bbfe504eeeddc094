using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Core.Configuration.Files;
using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration;

/// <summary>
/// The JSON Schema (draft 7, which editors know best) of all configuration files, from the descriptions by which they are read. Editors complete and check
/// with it while people write; what depends on more than one place is left to lint.
/// </summary>
public static class ConfigurationSchema
{
    private static readonly string[] FirstKeys = ["organisation", "source", "issuer", "credential", "match", "unknown", "email"];
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema.</summary>
    /// <param name="adapters">The installed adapters, whose settings are part of it.</param>
    /// <returns>The JSON text, ended by a line feed. The same adapters give the same text.</returns>
    public static string Write(AdapterCatalogue adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        var writing = new Writing();
        JsonArray files =
        [
            File("organisation", writing.Reference(OrganisationShape.Credsync, "credsync")),
            File("source", Connection(writing, "source", adapters.Sources.Select(a => (a.Name, a.Summary, SourceShape.With(adapters.SourceOptions(a.Name)))))),
            File("issuer", Connection(writing, "issuer", adapters.Issuers.Select(a => (a.Name, a.Summary, IssuerShape.With(adapters.IssuerOptions(a.Name)))))),
            File("credential", writing.Reference(CredentialShape.Credential, "credential")),
            File("match", writing.Reference(OrganisationShape.People, "people")),
            File("unknown", writing.Reference(OrganisationShape.People, "people")),
        ];
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "CredSync configuration",
            ["description"] = "Every file of a CredSync configuration; its first key says which one it is.",
            ["type"] = "object",
            ["anyOf"] = new JsonArray([.. FirstKeys.Select(key => (JsonNode)Requires(key))]),
            ["allOf"] = files,
            ["definitions"] = writing.Definitions,
        };
        return schema.ToJsonString(Written).Replace("\r\n", "\n", StringComparison.Ordinal) + "\n";
    }

    private static JsonObject File(string key, JsonObject then) => new() { ["if"] = Requires(key), ["then"] = then };

    private static JsonObject Requires(string key) => new() { ["required"] = new JsonArray(key) };

    // Which settings a connection has depends on its adapter.
    private static JsonObject Connection(Writing writing, string kind, IEnumerable<(string Name, string Summary, RecordShape Shape)> adapters)
    {
        var names = new JsonArray();
        var cases = new JsonArray();
        foreach ((string name, string summary, RecordShape shape) in adapters)
        {
            names.Add(new JsonObject { ["const"] = name, ["description"] = summary });
            cases.Add(new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { ["adapter"] = new JsonObject { ["const"] = name } }, ["required"] = new JsonArray("adapter") },
                ["then"] = writing.Reference(shape, $"{kind}-{name}"),
            });
        }

        writing.Definitions[kind] = new JsonObject
        {
            ["properties"] = new JsonObject { ["adapter"] = new JsonObject { ["oneOf"] = names } },
            ["required"] = new JsonArray("adapter"),
            ["allOf"] = cases,
        };
        return new JsonObject { ["$ref"] = $"#/definitions/{kind}" };
    }

    private sealed class Writing
    {
        private readonly Dictionary<RecordShape, string> names = [];

        public JsonObject Definitions { get; } = [];

        public JsonObject Reference(RecordShape record, string name)
        {
            if (!names.TryGetValue(record, out string? known))
            {
                names.Add(record, known = Unused(name));
                // Taken before it is written, because it may contain itself.
                Definitions[known] = null;
                Definitions[known] = Record(record);
            }

            return new JsonObject { ["$ref"] = $"#/definitions/{known}" };
        }

        private string Unused(string name)
        {
            string unused = name;
            for (int i = 2; Definitions.ContainsKey(unused); i++)
            {
                unused = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            }

            return unused;
        }

        private JsonObject Record(RecordShape record)
        {
            var properties = new JsonObject();
            foreach (Field field in record.Fields)
            {
                properties[field.Key] = Described(Of(field.Shape, field.Key), field);
            }

            var schema = new JsonObject
            {
                ["description"] = record.Summary,
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = properties,
            };
            if (record.Fields.Any(f => f.Required))
            {
                schema["required"] = new JsonArray([.. record.Fields.Where(f => f.Required).Select(f => (JsonNode)f.Key)]);
            }

            AddRules(schema, record.Rules);
            return schema;
        }

        private JsonObject Of(Shape shape, string name) => shape switch
        {
            LaterShape later => Of(later.Value, name),
            ValueShape value => value.Type.Schema(),
            EitherShape either => new JsonObject { ["anyOf"] = new JsonArray(either.Brief.Type.Schema(), Reference(either.Full, name)) },
            TableShape table => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(table.Value, name) },
            RecordShape record => Reference(record, name == "earn" || name == "unless" ? "rule" : name),
            ListShape list => List(list, name),
            _ => [],
        };

        private JsonObject List(ListShape list, string name)
        {
            var schema = new JsonObject { ["type"] = "array", ["items"] = Of(list.Item, name.EndsWith('s') ? name[..^1] : name) };
            if (list.AtLeast > 0)
            {
                schema["minItems"] = list.AtLeast;
            }

            return schema;
        }

        // Beside a reference, draft 7 ignores everything else.
        private static JsonObject Described(JsonObject schema, Field field)
        {
            JsonObject described = schema.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(schema) } : schema;
            described["description"] = field.Default is null ? field.Summary : $"{field.Summary} Default: {field.Default}.";
            if (field.Example is { } example)
            {
                described["examples"] = new JsonArray(Plain(example));
            }

            return described;
        }

        private static string Plain(string example) => example.Length > 1 && example[0] == '"' && example[^1] == '"' ? example[1..^1] : example;

        private static void AddRules(JsonObject schema, IReadOnlyList<KeyRule> rules)
        {
            var all = new JsonArray();
            var dependencies = new JsonObject();
            foreach (KeyRule rule in rules)
            {
                switch (rule)
                {
                    case KeyRule.OneOf one:
                        all.Add(new JsonObject { ["oneOf"] = Each(one.Keys) });
                        break;
                    case KeyRule.SomeOf some:
                        all.Add(new JsonObject { ["anyOf"] = Each(some.Keys) });
                        break;
                    case KeyRule.AtMostOneOf most:
                        all.Add(new JsonObject { ["not"] = new JsonObject { ["required"] = new JsonArray([.. most.Keys.Select(k => (JsonNode)k)]) } });
                        break;
                    case KeyRule.OnlyWith with:
                        dependencies[with.Key] = new JsonObject { ["anyOf"] = Each(with.Keys) };
                        break;
                }
            }

            if (all.Count > 0)
            {
                schema["allOf"] = all;
            }

            if (dependencies.Count > 0)
            {
                schema["dependencies"] = dependencies;
            }
        }

        private static JsonArray Each(string[] keys) => [.. keys.Select(k => (JsonNode)Requires(k))];
    }
}
