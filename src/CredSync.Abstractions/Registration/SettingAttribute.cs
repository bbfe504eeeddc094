namespace CredSync.Registration;

/// <summary>
/// Describes one setting of an adapter, on a property of its options class. The configuration parser, lint, the JSON Schema and the
/// reference pages all read this one description. The property's initial value is the default.
/// </summary>
/// <remarks>
/// Property types: <c>string</c>, <c>int</c>, <c>decimal</c>, <c>bool</c>, <c>TimeSpan</c> (written <c>5m</c>, <c>90s</c>, <c>1h30m</c>, <c>7d</c>),
/// <c>DateOnly</c> (written <c>2027-01-31</c>), <c>Uri</c> (absolute), an enum (its names in lower-case, words joined by <c>-</c>), <see cref="Secret"/> (written <c>env:NAME</c> or
/// <c>file:/path</c>), <c>IReadOnlyList&lt;string&gt;</c> and <c>IReadOnlyDictionary&lt;string, string&gt;</c>. A range is given by
/// <c>System.ComponentModel.DataAnnotations.RangeAttribute</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute
{
    /// <summary>Describes a setting.</summary>
    /// <param name="name">Its key in YAML: lower-case words joined by <c>_</c>.</param>
    /// <param name="summary">Meaning and unit, in one sentence.</param>
    public SettingAttribute(string name, string summary)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(summary);
        Name = name;
        Summary = summary;
    }

    /// <summary>Its key in YAML.</summary>
    public string Name { get; }

    /// <summary>Meaning and unit, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Whether it must be given. Default false.</summary>
    public bool Required { get; init; }

    /// <summary>An example as it would stand in YAML; null when the default says enough.</summary>
    public string? Example { get; init; }
}
