using System.Text.Json.Nodes;
using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>What is wrong with a value.</summary>
/// <param name="Code">The kind of finding.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Suggestion">What to write; null when nothing better is known.</param>
internal readonly record struct Problem(FindingCode Code, string Sentence, string? Suggestion);

/// <summary>What a single value means.</summary>
internal abstract class ScalarType
{
    /// <summary>What is expected, with its article, for findings: <c>a duration such as 5m</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether the value is one of YAML's own types, true, false or a number, and stands without quotes.</summary>
    public virtual bool IsNative => false;

    /// <summary>Whether the value may be shown in findings.</summary>
    public virtual bool MayBeShown => true;

    /// <summary>Checks a value that is not empty.</summary>
    public abstract Problem? Check(ScalarNode scalar);

    /// <summary>The type in JSON Schema.</summary>
    public abstract JsonObject Schema();

    protected Problem Wrong(ScalarNode scalar, string? suggestion = null) => new(
        Codes.WrongValue,
        MayBeShown ? $"'{Show.Text(scalar.Text)}' is not {Expected}." : $"The value is not {Expected}.",
        suggestion);
}

/// <summary>Text of any kind.</summary>
internal sealed class TextType : ScalarType
{
    public override string Expected => "a text";

    public override Problem? Check(ScalarNode scalar) => null;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}

/// <summary>Text in a form that a function tells.</summary>
/// <param name="expected">What is expected, with an example.</param>
/// <param name="accepts">Whether a text has the form.</param>
/// <param name="pattern">The form as a regular expression for JSON Schema; null when there is none.</param>
/// <param name="code">The kind of finding when it has not.</param>
internal sealed class FormType(string expected, Func<string, bool> accepts, string? pattern = null, FindingCode? code = null) : ScalarType
{
    public override string Expected { get; } = expected;

    /// <summary>What to write instead; called with a text that has not the form.</summary>
    public Func<string, string?>? Mend { get; init; }

    public override Problem? Check(ScalarNode scalar) => accepts(scalar.Text)
        ? null
        : Wrong(scalar, Mend?.Invoke(scalar.Text)) with { Code = code ?? Codes.WrongValue };

    public override JsonObject Schema() => pattern is null
        ? new JsonObject { ["type"] = "string", ["minLength"] = 1 }
        : new JsonObject { ["type"] = "string", ["pattern"] = pattern };
}

/// <summary>One of several words.</summary>
/// <param name="choices">The words, and what each means.</param>
internal sealed class ChoiceType(params IReadOnlyList<string> choices) : ScalarType
{
    public IReadOnlyList<string> Choices { get; } = choices;

    public override string Expected => Show.Or([.. Choices]);

    public override Problem? Check(ScalarNode scalar) => Choices.Contains(scalar.Text)
        ? null
        : new Problem(Codes.WrongChoice, $"'{Show.Text(scalar.Text)}' is not {Expected}.", Suggest.DidYouMean(scalar.Text, Choices));

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Choices.Select(c => (JsonNode)c)]) };
}

/// <summary>True or false.</summary>
internal sealed class BooleanType : ScalarType
{
    public override string Expected => "true or false";

    public override bool IsNative => true;

    public override Problem? Check(ScalarNode scalar) => scalar.Text switch
    {
        "true" or "false" => null,
        "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "True" or "TRUE" => new Problem(Codes.ImplicitType, $"'{scalar.Text}' is not true or false.", "write true"),
        "no" or "No" or "NO" or "off" or "Off" or "OFF" or "False" or "FALSE" => new Problem(Codes.ImplicitType, $"'{scalar.Text}' is not true or false.", "write false"),
        _ => Wrong(scalar),
    };

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>A number.</summary>
/// <param name="whole">Whether it has no decimals.</param>
/// <param name="min">Smallest; null for any.</param>
/// <param name="max">Largest; null for any.</param>
internal sealed class NumberType(bool whole, decimal? min = null, decimal? max = null) : ScalarType
{
    public override string Expected => whole ? "a whole number" : "a number";

    public override bool IsNative => true;

    public override Problem? Check(ScalarNode scalar)
    {
        if (!Scalars.TryNumber(scalar.Text, out decimal value) || (whole && (value != decimal.Truncate(value) || scalar.Text.Contains('.', StringComparison.Ordinal)
            || value is < int.MinValue or > int.MaxValue)))
        {
            return Wrong(scalar);
        }

        return value < min || value > max ? new Problem(Codes.OutOfRange, $"{scalar.Text} is {Scalars.Range(min, max)}.", null) : null;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = whole ? "integer" : "number" };
        if (min is { } smallest)
        {
            schema["minimum"] = smallest;
        }

        if (max is { } largest)
        {
            schema["maximum"] = largest;
        }

        return schema;
    }
}

/// <summary>A secret, always by reference.</summary>
internal sealed class SecretType : ScalarType
{
    public override string Expected => "a reference to a secret";

    public override bool MayBeShown => false;

    public override Problem? Check(ScalarNode scalar) => Scalars.KindOfSecret(scalar.Text) switch
    {
        SecretText.Reference => null,
        SecretText.Broken => new Problem(Codes.SecretReference, "The reference to a secret is not complete.", "write env:NAME or file:/path"),
        _ => new Problem(Codes.InlineSecret, "A secret stands in the file for everybody to read.", "put it into the environment or a file, write env:NAME or file:/path here, and replace the secret at its issuer"),
    };

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Scalars.SecretPattern };
}
