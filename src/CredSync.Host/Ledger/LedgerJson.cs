using System.Text.Json;
using System.Text.Json.Serialization;
using CredSync.Completions;
using CredSync.Core.People;
using CredSync.Core.Rules;
using CredSync.Issuers;

namespace CredSync.Host.Ledger;

/// <summary>How facts are written into the ledger's JSON columns: camelCase, no nulls, enums by name, so that an old line stays readable.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(CredentialFacts))]
[JsonSerializable(typeof(AwardFacts))]
[JsonSerializable(typeof(RuleTrace))]
[JsonSerializable(typeof(ConsentFact[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(IReadOnlyList<IdentifierRow>))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(Completion value) => JsonSerializer.Serialize(value, Default.Completion);

    public static string Write(CredentialFacts value) => JsonSerializer.Serialize(value, Default.CredentialFacts);

    public static string? Write(AwardFacts? value) => value is null ? null : JsonSerializer.Serialize(value, Default.AwardFacts);

    public static string Write(RuleTrace value) => JsonSerializer.Serialize(value, Default.RuleTrace);

    /// <summary>What somebody said about credentials; null when nothing.</summary>
    public static string? Write(IReadOnlyList<ConsentFact> value) => value.Count == 0 ? null : JsonSerializer.Serialize([.. value], Default.ConsentFactArray);

    public static ConsentFact[] ReadConsents(string json) => JsonSerializer.Deserialize(json, Default.ConsentFactArray)!;

    public static string Write(string[] value) => JsonSerializer.Serialize(value, Default.StringArray);

    public static string Write(IReadOnlyList<long> value) => JsonSerializer.Serialize(value, Default.IReadOnlyListInt64);

    public static string Write(IReadOnlyList<IdentifierRow> value) => JsonSerializer.Serialize(value, Default.IReadOnlyListIdentifierRow);

    public static string[] ReadTexts(string json) => JsonSerializer.Deserialize(json, Default.StringArray)!;

    public static Completion ReadCompletion(string json) => JsonSerializer.Deserialize(json, Default.Completion)!;

    public static CredentialFacts ReadCredential(string json) => JsonSerializer.Deserialize(json, Default.CredentialFacts)!;

    public static AwardFacts ReadAward(string json) => JsonSerializer.Deserialize(json, Default.AwardFacts)!;

    public static RuleTrace ReadTrace(string json) => JsonSerializer.Deserialize(json, Default.RuleTrace)!;
}

/// <summary>An identifier as a bulk parameter.</summary>
internal sealed record IdentifierRow(string Kind, string Scope, string Value);
