using System.Text.Json;

namespace CredSync.OpenBadges.Validation;

/// <summary>Holds a JSON value against a shape and everything below it.</summary>
internal sealed class ShapeCheck(CredentialForm form, FindingList findings)
{
    public void Object(JsonElement value, Shape shape, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            findings.Add(path, FindingRule.Kind, $"This must be an object of the class {shape.Name}.");
            return;
        }

        Contexts(value, shape, path);
        Types(value, shape, path);
        foreach (Member member in shape.Members)
        {
            if (value.TryGetProperty(member.Name, out JsonElement found))
            {
                Values(found, member, $"{path}.{member.Name}");
            }
            else if (member.Required || (member.RequiredInStrict && form == CredentialForm.Strict))
            {
                findings.Add($"{path}.{member.Name}", FindingRule.Required, $"{shape.Name} needs {member.Name}.");
            }
        }

        if (shape.Closed)
        {
            Strangers(value, shape, path);
        }

        shape.Further?.Invoke(value, findings, path);
    }

    private void Values(JsonElement value, Member member, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            Array(value, member, path);
        }
        else
        {
            if (member.Many && form == CredentialForm.Strict)
            {
                findings.Add(path, FindingRule.Cardinality, $"The value of {member.Name} must be an array.");
            }

            Value(value, member, path);
        }
    }

    private void Array(JsonElement array, Member member, string path)
    {
        if (!member.Many)
        {
            findings.Add(path, FindingRule.Cardinality, $"The value of {member.Name} must not be an array.");
            return;
        }

        if (member.NotEmpty && array.GetArrayLength() == 0)
        {
            findings.Add(path, FindingRule.Cardinality, $"The array {member.Name} must not be empty.");
        }

        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            Value(item, member, $"{path}[{index++}]");
        }
    }

    private void Value(JsonElement value, Member member, string path)
    {
        switch (member.Form)
        {
            case Form.Object:
                Object(value, Shapes.Get(member.Shape!), path);
                break;
            case Form.ObjectOrUri when value.ValueKind == JsonValueKind.Object:
            case Form.ObjectOrJws when value.ValueKind == JsonValueKind.Object:
                Object(value, Shapes.Get(member.Shape!), path);
                break;
            case Form.Number:
                Kind(value.ValueKind == JsonValueKind.Number, "a number", path);
                break;
            case Form.Flag:
                Kind(value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false", path);
                break;
            default:
                Text(value, member, path);
                break;
        }
    }

    private void Text(JsonElement value, Member member, string path)
    {
        if (member.Form == Form.Text && form == CredentialForm.Current && IsLanguageMap(value))
        {
            return;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Kind(false, "a text", path);
            return;
        }

        string text = value.GetString()!;
        (bool fits, string asked) = member.Form switch
        {
            Form.Uri or Form.ObjectOrUri => (ValueFormats.IsUri(text), "an absolute URI"),
            Form.Time => (ValueFormats.IsTime(text), "a date-time with time zone, such as 2026-01-05T10:00:00Z"),
            Form.Date => (ValueFormats.IsDate(text), "a date, such as 2026-01-05"),
            Form.Language => (ValueFormats.IsLanguage(text), "a language tag, such as en-US"),
            Form.CompactJws or Form.ObjectOrJws => (ValueFormats.IsCompactJws(text), "a compact JWS"),
            _ => (true, ""),
        };
        if (!fits)
        {
            findings.Add(path, FindingRule.Format, $"The value must be {asked}.");
        }

        if (member.Words is { } words && !words.Contains(text) && !(member.Extensible && ValueFormats.IsExtension(text)))
        {
            findings.Add(path, FindingRule.Word, member.Extensible
                ? $"The value of {member.Name} is not a term of the vocabulary and not an extension (ext:...)."
                : $"The value of {member.Name} is not a term of the vocabulary.");
        }
    }

    private void Kind(bool fits, string asked, string path)
    {
        if (!fits)
        {
            findings.Add(path, FindingRule.Kind, $"The value must be {asked}.");
        }
    }

    private void Contexts(JsonElement value, Shape shape, string path)
    {
        if (shape.Contexts.Count == 0)
        {
            return;
        }

        string at = path + "['@context']";
        if (!value.TryGetProperty("@context", out JsonElement contexts) || contexts.ValueKind != JsonValueKind.Array)
        {
            findings.Add(at, FindingRule.Context, "The contexts must be an array.");
            return;
        }

        int count = contexts.GetArrayLength();
        for (int i = shape.Contexts.Count; i < count; i++)
        {
            if (contexts[i].ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
            {
                findings.Add($"{at}[{i}]", FindingRule.Context, "A context must be a URL or an object.");
            }
        }

        for (int i = 0; i < shape.Contexts.Count; i++)
        {
            bool fits = i < count && contexts[i].ValueKind == JsonValueKind.String && ValueFormats.Matches(contexts[i].GetString()!, shape.Contexts[i]);
            if (!fits)
            {
                findings.Add($"{at}[{i}]", FindingRule.Context, $"Context {i + 1} of {shape.Name} is not the one that its specification puts there.");
            }
        }
    }

    private void Types(JsonElement value, Shape shape, string path)
    {
        if (shape.TypeForm == TypeForm.None)
        {
            return;
        }

        string at = path + ".type";
        if (!value.TryGetProperty("type", out JsonElement types))
        {
            findings.Add(at, FindingRule.Type, $"{shape.Name} needs a type.");
            return;
        }

        bool array = types.ValueKind == JsonValueKind.Array;
        if (array && shape.TypeForm == TypeForm.One)
        {
            findings.Add(at, FindingRule.Cardinality, $"The type of {shape.Name} must be one text, not an array.");
        }
        else if (!array && shape.TypeForm == TypeForm.Set && form == CredentialForm.Strict)
        {
            findings.Add(at, FindingRule.Cardinality, $"The type of {shape.Name} must be an array.");
        }

        JsonElement[] names = array ? [.. types.EnumerateArray()] : [types];
        if (names.Length == 0 || names.Any(static n => n.ValueKind != JsonValueKind.String))
        {
            findings.Add(at, FindingRule.Type, "A type must be a text.");
            return;
        }

        foreach (IReadOnlyList<string> group in shape.Types.Where(g => !names.Any(n => g.Contains(n.GetString()!))))
        {
            findings.Add(at, FindingRule.Type, $"The type must contain {string.Join(" or ", group)}.");
        }
    }

    private void Strangers(JsonElement value, Shape shape, string path)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (property.Name != "type" && !shape.Members.Any(m => m.Name == property.Name))
            {
                findings.Add(path, FindingRule.Unknown, $"{shape.Name} allows no further properties.");
            }
        }
    }

    private static bool IsLanguageMap(JsonElement value) => value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().All(static p => p.Value.ValueKind == JsonValueKind.String && ValueFormats.IsLanguage(p.Name));
}
