using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CredSync.Issuers;

namespace CredSync.Messages;

/// <summary>Writes facts once for all who get the same, and reads each command by itself: those that cannot be read are passed over.</summary>
internal sealed class IssueCredentialsJson : JsonConverter<IssueCredentials>
{
    /// <inheritdoc />
    public override IssueCredentials Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<CredentialFacts?> facts = [];
        List<IssuanceOnTheWire?> issuances = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool areFacts = reader.ValueTextEquals("facts"u8), areIssuances = reader.ValueTextEquals("issuances"u8);
            reader.Read();
            if (areFacts)
            {
                facts = ReadEach(ref reader, WireJson.Default.CredentialFacts);
            }
            else if (areIssuances)
            {
                issuances = ReadEach(ref reader, WireJson.Default.IssuanceOnTheWire);
            }
            else
            {
                reader.Skip();
            }
        }

        var commands = new List<IssueCredential>(issuances.Count);
        foreach (IssuanceOnTheWire? one in issuances)
        {
            if (one is not null && one.Credential >= 0 && one.Credential < facts.Count && facts[one.Credential] is { } credential)
            {
                commands.Add(new IssueCredential { IssuanceId = one.IssuanceId, Issuer = one.Issuer, Credential = credential, Recipient = one.Recipient, Award = one.Award });
            }
        }

        return new IssueCredentials { Issuances = commands };
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IssueCredentials value, JsonSerializerOptions options)
    {
        var places = new Dictionary<CredentialFacts, int>(ReferenceEqualityComparer.Instance);
        writer.WriteStartObject();
        writer.WriteStartArray("issuances"u8);
        foreach (IssueCredential command in value.Issuances)
        {
            if (!places.TryGetValue(command.Credential, out int place))
            {
                places.Add(command.Credential, place = places.Count);
            }

            JsonSerializer.Serialize(
                writer,
                new IssuanceOnTheWire { IssuanceId = command.IssuanceId, Issuer = command.Issuer, Credential = place, Recipient = command.Recipient, Award = command.Award },
                WireJson.Default.IssuanceOnTheWire);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("facts"u8);
        foreach (CredentialFacts facts in places.OrderBy(p => p.Value).Select(p => p.Key))
        {
            JsonSerializer.Serialize(writer, facts, WireJson.Default.CredentialFacts);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<T?> ReadEach<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type)
        where T : class
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A list was expected.");
        }

        var all = new List<T?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Utf8JsonReader start = reader;
            try
            {
                all.Add(JsonSerializer.Deserialize(ref reader, type));
            }
            catch (JsonException)
            {
                // A failed reading leaves the reader somewhere inside; the next one begins after it.
                all.Add(null);
                reader = start;
                reader.Skip();
            }
        }

        return all;
    }
}

/// <summary>How the parts of a message with many commands are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssuanceOnTheWire))]
[JsonSerializable(typeof(CredentialFacts))]
internal sealed partial class WireJson : JsonSerializerContext;
