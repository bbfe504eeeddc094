namespace CredSync.Core.Configuration.Shapes;

/// <summary>What may stand in one place of a configuration file. The checker, the binder's expectations and the JSON Schema all come from it.</summary>
internal abstract class Shape;

/// <summary>A single value.</summary>
/// <param name="type">What it means.</param>
internal sealed class ValueShape(ScalarType type) : Shape
{
    public ScalarType Type { get; } = type;
}

/// <summary>A list.</summary>
/// <param name="item">Each of its items.</param>
/// <param name="atLeast">How many there must be.</param>
internal sealed class ListShape(Shape item, int atLeast = 0) : Shape
{
    public Shape Item { get; } = item;

    public int AtLeast { get; } = atLeast;
}

/// <summary>A mapping whose keys the author chooses.</summary>
/// <param name="what">What a key names, for findings.</param>
/// <param name="value">Each of its values.</param>
internal sealed class TableShape(string what, Shape value) : Shape
{
    public string What { get; } = what;

    public Shape Value { get; } = value;
}

/// <summary>Either a single value or, with more to say, a mapping.</summary>
internal sealed class EitherShape(ValueShape brief, RecordShape full) : Shape
{
    public ValueShape Brief { get; } = brief;

    public RecordShape Full { get; } = full;
}

/// <summary>A mapping with given keys.</summary>
/// <param name="name">What it describes; the name of its definition in the JSON Schema.</param>
/// <param name="summary">What it is for, in one sentence.</param>
/// <param name="fields">Its keys.</param>
/// <param name="rules">Which keys go together.</param>
internal sealed class RecordShape(string name, string summary, IReadOnlyList<Field> fields, params IReadOnlyList<KeyRule> rules) : Shape
{
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    public IReadOnlyList<Field> Fields { get; } = fields;

    public IReadOnlyList<KeyRule> Rules { get; } = rules;

    public Field? Find(string key)
    {
        foreach (Field field in Fields)
        {
            if (field.Key == key)
            {
                return field;
            }
        }

        return null;
    }
}

/// <summary>A shape that is made when it is first needed, because it contains itself.</summary>
internal sealed class LaterShape(Func<Shape> make) : Shape
{
    private readonly Lazy<Shape> shape = new(make);

    public Shape Value => shape.Value;
}

/// <summary>A key of a mapping.</summary>
/// <param name="Key">The key.</param>
/// <param name="Summary">Meaning and unit, in one sentence.</param>
/// <param name="Shape">What may stand there.</param>
internal sealed record Field(string Key, string Summary, Shape Shape)
{
    public bool Required { get; init; }

    /// <summary>An example as it would stand in YAML; null when there is none.</summary>
    public string? Example { get; init; }

    /// <summary>The default as it would stand in YAML; null when there is none.</summary>
    public string? Default { get; init; }
}

/// <summary>Which keys of a mapping go together.</summary>
internal abstract record KeyRule
{
    /// <summary>Exactly one of these is written.</summary>
    internal sealed record OneOf(params string[] Keys) : KeyRule;

    /// <summary>At most one of these is written.</summary>
    internal sealed record AtMostOneOf(params string[] Keys) : KeyRule;

    /// <summary>At least one of these is written.</summary>
    internal sealed record SomeOf(params string[] Keys) : KeyRule;

    /// <summary>This key is only written together with one of these.</summary>
    internal sealed record OnlyWith(string Key, params string[] Keys) : KeyRule;
}
