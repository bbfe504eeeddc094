using System.Text.Json;

namespace CredSync.OpenBadges.Validation;

/// <summary>
/// Holds a credential against the data model of Open Badges 3.0 and CLR 2.0: contexts, types, required properties, cardinalities,
/// formats and vocabularies, as the JSON schemas of 1EdTech say, and what the texts ask for beyond them. It looks at the data only: not at
/// proofs, dates relative to now, or revocation.
/// </summary>
public static class CredentialValidator
{
    /// <summary>Validates a credential by the class that its types name.</summary>
    /// <param name="credential">The credential with or without its proof.</param>
    /// <param name="form">Which reading of the schema. Default <see cref="CredentialForm.Current"/>.</param>
    /// <returns>All findings (at most 200) in document order of the classes; empty when it is as it should be.</returns>
    public static IReadOnlyList<Finding> Validate(JsonElement credential, CredentialForm form = CredentialForm.Current)
    {
        var findings = new FindingList();
        new ShapeCheck(form, findings).Object(credential, Shapes.Get(ShapeName(credential)), "$");
        return findings;
    }

    // A document whose types name none of the other classes is taken for a badge, so that the missing type is reported.
    private static string ShapeName(JsonElement credential)
    {
        if (credential.ValueKind != JsonValueKind.Object || !credential.TryGetProperty("type", out JsonElement types))
        {
            return Shapes.Badge;
        }

        IEnumerable<JsonElement> names = types.ValueKind == JsonValueKind.Array ? types.EnumerateArray() : [types];
        foreach (JsonElement name in names.Where(static n => n.ValueKind == JsonValueKind.String))
        {
            switch (name.GetString())
            {
                case "ClrCredential":
                    return Shapes.LearnerRecord;
                case "EndorsementCredential":
                    return Shapes.Endorsement;
                case "BitstringStatusListCredential":
                    return Shapes.StatusList;
                default:
                    break;
            }
        }

        return Shapes.Badge;
    }
}

/// <summary>Which reading of the 1EdTech schemas.</summary>
public enum CredentialForm
{
    /// <summary>As served since 2026: one value may stand without its array, and texts may be language maps.</summary>
    Current,

    /// <summary>As of 2024: every repeatable property is an array. What passes this passes the other; issue in this form.</summary>
    Strict,
}
