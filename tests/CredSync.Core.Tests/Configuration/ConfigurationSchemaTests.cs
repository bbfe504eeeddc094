using System.Text.Json.Nodes;
using CredSync.Core.Configuration;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using NJsonSchema;

namespace CredSync.Core.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    private static readonly string Shown = Path.Combine(Shipped.Root, "config", "credsync.schema.json");

    [Fact]
    public void The_schema_that_ships_is_the_one_that_the_descriptions_give()
    {
        string written = ConfigurationSchema.Write(BuiltIn.Adapters);
        if (Environment.GetEnvironmentVariable("CREDSYNC_ACCEPT") == "1")
        {
            File.WriteAllText(Shown, written);
        }

        string shown = File.ReadAllText(Shown);
        (shown == written).ShouldBeTrue($"A description changed. Run the test with CREDSYNC_ACCEPT=1 in the environment to write the schema anew, then look at what changed, first here: {FirstDifference(shown, written)}");
    }

    [Fact]
    public void The_shipped_configuration_is_good_with_the_adapters_that_ship()
    {
        ConfigurationResult result = ConfigurationReader.Read(Shipped.All, BuiltIn.Adapters, Shipped.Secret, Shipped.NoOverrides);
        FindingText.Render(result.Findings.Where(f => f.Severity != Severity.Note)).ShouldBe("");
    }

    [Theory]
    [InlineData("config/credsync.yaml", "credsync")]
    [InlineData("config/people.yaml", "people")]
    [InlineData("config/sources/moodle-hr.yaml", "source-moodle")]
    [InlineData("config/sources/coursera-academy.yaml", "source-coursera")]
    [InlineData("config/sources/edx-campus.yaml", "source-edx")]
    [InlineData("config/sources/lrs-content.yaml", "source-xapi")]
    [InlineData("config/sources/roadwise.yaml", "source-http-json")]
    [InlineData("config/sources/hr-records.yaml", "source-csv")]
    [InlineData("config/issuers/northwind-badges.yaml", "issuer-open-badges")]
    [InlineData("config/credentials/safety-basics.yaml", "credential")]
    [InlineData("config/credentials/data-foundations.yaml", "credential")]
    [InlineData("config/credentials/first-aider.yaml", "credential")]
    [InlineData("config/credentials/people-leader.yaml", "credential")]
    [InlineData("config/credentials/data-practitioner.yaml", "credential")]
    [InlineData("config/credentials/fire-warden.yaml", "credential")]
    [InlineData("config/credentials/project-lead.yaml", "credential")]
    [InlineData("config/credentials/trusted-colleague.yaml", "credential")]
    [InlineData("config/credentials/warehouse-operator.yaml", "credential")]
    public async Task A_shipped_file_fits_the_schema_and_fits_no_more_with_a_key_misspelt(string path, string definition)
    {
        JsonObject whole = JsonNode.Parse(ConfigurationSchema.Write(BuiltIn.Adapters))!.AsObject();
        var one = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/definitions/{definition}" }),
            ["definitions"] = whole["definitions"]!.DeepClone(),
        };
        JsonSchema schema = await JsonSchema.FromJsonAsync(one.ToJsonString(), TestContext.Current.CancellationToken);
        JsonObject file = Json(Read(path)).AsObject();
        schema.Validate(file.ToJsonString()).Select(e => $"{e.Path} {e.Kind}").ShouldBeEmpty();
        (string key, JsonNode? value) = file.Last();
        file.Remove(key);
        file[key + "x"] = value;
        schema.Validate(file.ToJsonString()).ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_setting_of_an_adapter_is_described_in_the_schema()
    {
        JsonObject definitions = JsonNode.Parse(ConfigurationSchema.Write(BuiltIn.Adapters))!["definitions"]!.AsObject();
        foreach (string adapter in BuiltIn.Adapters.Sources.Select(a => a.Name))
        {
            JsonObject properties = definitions[$"source-{adapter}"]!["properties"]!.AsObject();
            foreach (Field field in BuiltIn.Adapters.SourceOptions(adapter)!.Fields)
            {
                properties[field.Key]!["description"]!.GetValue<string>().ShouldStartWith(field.Summary);
            }
        }
    }

    private static string FirstDifference(string shown, string written)
    {
        string[] before = shown.Split('\n');
        string[] after = written.Split('\n');
        int line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: {after.ElementAtOrDefault(line)?.Trim()}";
    }

    private static MappingNode Read(string path) => YamlReader.Read(Shipped.All.Single(f => f.Path == path), new FindingList())!;

    // As other YAML readers take it: types are guessed from what is not quoted.
    private static JsonNode Json(Node node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Text, (JsonNode?)Json(e.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { IsPlain: true, Text: "true" or "false" } truth => JsonValue.Create(truth.Text == "true"),
        ScalarNode { IsPlain: true } number when Scalars.TryNumber(number.Text, out decimal value) => JsonValue.Create(value),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => throw new InvalidOperationException("There is no other kind of node."),
    };
}
