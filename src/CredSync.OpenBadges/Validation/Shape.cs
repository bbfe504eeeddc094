using System.Text.Json;

namespace CredSync.OpenBadges.Validation;

/// <summary>How a class looks in JSON: one row of the tables in Open Badges 3.0 appendix B.</summary>
internal sealed record Shape
{
    public required string Name { get; init; }

    /// <summary>The types that an instance must have: one of each group. Empty when any type will do.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Types { get; init; } = [];

    public TypeForm TypeForm { get; init; } = TypeForm.Set;

    /// <summary>Whether other properties than those listed are refused.</summary>
    public bool Closed { get; init; }

    public required IReadOnlyList<Member> Members { get; init; }

    /// <summary>Patterns that the first contexts must match, in order; empty for a class without contexts of its own.</summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];

    /// <summary>Rules beyond the schema; null when there are none.</summary>
    public Action<JsonElement, FindingList, string>? Further { get; init; }
}

/// <summary>How a class writes its <c>type</c>.</summary>
internal enum TypeForm
{
    /// <summary>An array of texts (one text passes where single values do).</summary>
    Set,

    /// <summary>One text.</summary>
    One,

    /// <summary>No type at all.</summary>
    None,
}

/// <summary>One property of a class.</summary>
internal sealed record Member(string Name, Form Form)
{
    public bool Required { get; init; }

    /// <summary>Whether the strict form alone requires it.</summary>
    public bool RequiredInStrict { get; init; }

    public bool Many { get; init; }

    public bool NotEmpty { get; init; }

    /// <summary>Name of the shape of an object.</summary>
    public string? Shape { get; init; }

    public IReadOnlySet<string>? Words { get; init; }

    /// <summary>Whether <c>ext:</c> terms are words too.</summary>
    public bool Extensible { get; init; }
}

/// <summary>What a value must be.</summary>
internal enum Form
{
    Text,
    Uri,
    Time,
    Date,
    Number,
    Flag,
    Word,
    Language,
    CompactJws,
    Object,
    ObjectOrUri,
    ObjectOrJws,
}
