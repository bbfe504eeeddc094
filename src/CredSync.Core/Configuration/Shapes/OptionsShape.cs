using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using CredSync.Core.Configuration.Yaml;
using CredSync.Registration;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>What an adapter can be told, read off the described properties of its options class; and the way back, from values to options.</summary>
internal sealed class OptionsShape
{
    private readonly Type type;
    private readonly (PropertyInfo Property, Field Field)[] settings;

    private OptionsShape(Type type, (PropertyInfo Property, Field Field)[] settings)
    {
        this.type = type;
        this.settings = settings;
        Fields = [.. settings.Select(s => s.Field)];
    }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Describes an options class.</summary>
    /// <param name="adapter">The adapter, for the message when it cannot be described.</param>
    /// <param name="type">The options class.</param>
    /// <param name="taken">Keys that every connection has, whatever its adapter.</param>
    /// <exception cref="InvalidOperationException">The class cannot be described.</exception>
    public static OptionsShape Of(string adapter, Type type, IReadOnlyCollection<string> taken)
    {
        object defaults = Create(type);
        List<(PropertyInfo, Field)> settings = [];
        HashSet<string> keys = [.. taken];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.MetadataToken))
        {
            if (property.GetCustomAttribute<SettingAttribute>() is not { } setting)
            {
                continue;
            }

            if (property.SetMethod is null || !keys.Add(setting.Name))
            {
                throw new InvalidOperationException($"Setting '{setting.Name}' of adapter '{adapter}' cannot be set, or its key is taken by another setting.");
            }

            Shape shape = ShapeOf(property)
                ?? throw new InvalidOperationException($"Setting '{setting.Name}' of adapter '{adapter}' has a type that configuration does not know: {property.PropertyType.Name}.");
            settings.Add((property, new Field(setting.Name, setting.Summary, shape)
            {
                Required = setting.Required,
                Example = setting.Example,
                Default = Written(property.GetValue(defaults)),
            }));
        }

        return new OptionsShape(type, [.. settings]);
    }

    /// <summary>Makes the options. What is missing or unreadable keeps its default; the checker has told of it.</summary>
    /// <param name="mapping">The connection's file.</param>
    /// <param name="secrets">Gives the secret that a reference names.</param>
    /// <param name="findings">Receives values outside their range.</param>
    public object Bind(MappingNode mapping, Func<string, Secret> secrets, FindingList findings)
    {
        object options = Create(type);
        foreach ((PropertyInfo property, Field field) in settings)
        {
            if (mapping.Find(field.Key) is not { } node || Value(property, node, secrets) is not { } value)
            {
                continue;
            }

            if (property.GetCustomAttribute<RangeAttribute>() is { } range && property.PropertyType == typeof(TimeSpan) && !IsWithin(range, value))
            {
                findings.Add(Codes.OutOfRange, node.Position, $"{Written(value)} is not from {Limit(range.Minimum)} to {Limit(range.Maximum)}.", null);
                continue;
            }

            property.SetValue(options, value);
        }

        CheckTogether(options, mapping, findings);
        return options;
    }

    // What an adapter knows of its settings beyond each one's own form. A result that names a property, or an entry of a table as Property.entry, is shown where that stands.
    private void CheckTogether(object options, MappingNode mapping, FindingList findings)
    {
        if (options is not IValidatableObject together)
        {
            return;
        }

        foreach (ValidationResult result in together.Validate(new ValidationContext(options)))
        {
            string[] member = (result.MemberNames.FirstOrDefault() ?? "").Split('.', 2);
            string? key = settings.FirstOrDefault(s => s.Property.Name == member[0]).Field?.Key;
            Node? node = key is null ? null : mapping.Find(key);
            Node? entry = node is MappingNode table && member.Length == 2 ? table.Find(member[1]) : null;
            findings.Add(node is null ? Codes.WrongKeys : Codes.WrongValue, (entry ?? node)?.Position ?? mapping.PositionOf("adapter"), result.ErrorMessage ?? "This does not fit.", null);
        }
    }

    // No brackets: a class may have a constructor of its own beside.
    private static object Create(Type type) => Activator.CreateInstance(type)
        ?? throw new InvalidOperationException($"The options class {type.Name} cannot be created.");

    private static Shape? ShapeOf(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        RangeAttribute? range = property.GetCustomAttribute<RangeAttribute>();
        return type switch
        {
            _ when type == typeof(string) => new ValueShape(Types.Text),
            _ when type == typeof(int) => new ValueShape(new NumberType(whole: true, Number(range?.Minimum), Number(range?.Maximum))),
            _ when type == typeof(decimal) => new ValueShape(new NumberType(whole: false, Number(range?.Minimum), Number(range?.Maximum))),
            _ when type == typeof(bool) => new ValueShape(Types.Boolean),
            _ when type == typeof(TimeSpan) => new ValueShape(Types.Duration),
            _ when type == typeof(DateOnly) => new ValueShape(Types.Date),
            _ when type == typeof(Uri) => new ValueShape(Types.Url),
            _ when type == typeof(Secret) => new ValueShape(Types.Secret),
            _ when type.IsEnum => new ValueShape(new ChoiceType([.. Enum.GetNames(type).Select(Word)])),
            _ when type.IsAssignableFrom(typeof(List<string>)) && type != typeof(object) => new ListShape(new ValueShape(Types.Text)),
            _ when type.IsAssignableFrom(typeof(Dictionary<string, string>)) && type != typeof(object) => new TableShape("setting", new ValueShape(Types.Text)),
            _ => null,
        };
    }

    private static object? Value(PropertyInfo property, Node node, Func<string, Secret> secrets)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        switch (node)
        {
            case SequenceNode list when ShapeOf(property) is ListShape:
                return list.Items.OfType<ScalarNode>().Select(s => s.Text).ToList();
            case MappingNode table when ShapeOf(property) is TableShape:
                return table.Entries.Where(e => e.Value is ScalarNode).ToDictionary(e => e.Key.Text, e => ((ScalarNode)e.Value).Text, StringComparer.Ordinal);
            case ScalarNode scalar when ShapeOf(property) is ValueShape shape && !scalar.IsEmpty && scalar.Text.Length > 0 && shape.Type.Check(scalar) is null:
                return Value(type, scalar.Text, secrets);
            default:
                return null;
        }
    }

    private static object? Value(Type type, string text, Func<string, Secret> secrets) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(int) => int.Parse(text, CultureInfo.InvariantCulture),
        _ when type == typeof(decimal) => decimal.Parse(text, CultureInfo.InvariantCulture),
        _ when type == typeof(bool) => text == "true",
        _ when type == typeof(TimeSpan) => Scalars.TryDuration(text, out TimeSpan duration) ? duration : null,
        _ when type == typeof(DateOnly) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ when type == typeof(Uri) => new Uri(text),
        _ when type == typeof(Secret) => secrets(text),
        _ => Enum.Parse(type, Enum.GetNames(type).First(name => Word(name) == text)),
    };

    /// <summary>A value as it would be written; null when it is none that a default is shown for.</summary>
    private static string? Written(object? value) => value switch
    {
        null or Secret => null,
        bool truth => truth ? "true" : "false",
        TimeSpan duration => Scalars.Duration(duration),
        Uri uri => uri.OriginalString,
        Enum word => Word(word.ToString()),
        int or decimal => Convert.ToString(value, CultureInfo.InvariantCulture),
        string text => text.Length == 0 ? null : text,
        _ => null,
    };

    /// <summary>An enum's name as configuration writes it: <c>BestScore</c> is <c>best-score</c>.</summary>
    private static string Word(string name)
    {
        var word = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && (!char.IsAsciiLetterUpper(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))))
            {
                word.Append('-');
            }

            word.Append(char.ToLowerInvariant(name[i]));
        }

        return word.ToString();
    }

    private static decimal? Number(object? limit) => limit is null ? null : Convert.ToDecimal(limit, CultureInfo.InvariantCulture);

    private static bool IsWithin(RangeAttribute range, object value)
    {
        range.ParseLimitsInInvariantCulture = true;
        range.ConvertValueInInvariantCulture = true;
        return range.IsValid(value);
    }

    private static string Limit(object limit) =>
        limit is TimeSpan duration || TimeSpan.TryParse(limit.ToString(), CultureInfo.InvariantCulture, out duration) ? Scalars.Duration(duration) : $"{limit}";
}
