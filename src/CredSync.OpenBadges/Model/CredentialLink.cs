using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Something beside the credential that it names by address and kind: a schema, a refresh service, terms of use.</summary>
/// <param name="Id">URL; null only for terms of use without one.</param>
/// <param name="Type">Its kind, one type name.</param>
public sealed record CredentialLink(string? Id, string Type) : IJsonPart
{
    /// <summary>The JSON schema of a badge.</summary>
    public static CredentialLink BadgeSchema { get; } = new(ContextUrls.BadgeSchema, "1EdTechJsonSchemaValidator2019");

    /// <summary>The JSON schema of a learner record.</summary>
    public static CredentialLink LearnerRecordSchema { get; } = new(ContextUrls.LearnerRecordSchema, "1EdTechJsonSchemaValidator2019");

    /// <summary>The JSON schema of an endorsement.</summary>
    public static CredentialLink EndorsementSchema { get; } = new(ContextUrls.EndorsementSchema, "1EdTechJsonSchemaValidator2019");

    /// <summary>Where the latest version of a credential can be fetched.</summary>
    /// <param name="url">The address; GET returns the credential.</param>
    /// <returns>The reference.</returns>
    public static CredentialLink Refresh(string url) => new(url, "1EdTechCredentialRefresh");

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to.Text("id", Id).Type(Type);
}
