using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>A result that an achievement can have, and its range (class ResultDescription). All values are text.</summary>
public sealed record ResultDescription : IJsonPart
{
    /// <summary>URI by which results refer to it.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people, for example <c>Final grade</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Vocabulary.ResultTypes"/> or an <c>ext:</c> term.</summary>
    public required string ResultType { get; init; }

    /// <summary>The possible values, from low to high; empty when they are not listed.</summary>
    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    /// <summary>Id of the rubric level that must be reached; null when none.</summary>
    public string? RequiredLevel { get; init; }

    /// <summary>Value that must be reached; null when none.</summary>
    public string? RequiredValue { get; init; }

    /// <summary>Lowest possible value; null when unknown.</summary>
    public string? ValueMin { get; init; }

    /// <summary>Highest possible value; null when unknown.</summary>
    public string? ValueMax { get; init; }

    /// <summary>The levels of its rubric; empty when it has none.</summary>
    public IReadOnlyList<RubricCriterionLevel> RubricLevels { get; init; } = [];

    /// <summary>Ties to competency frameworks.</summary>
    public IReadOnlyList<Alignment> Alignments { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("ResultDescription")
        .Text("name", Name)
        .Text("resultType", ResultType)
        .Texts("allowedValue", AllowedValues)
        .Text("requiredLevel", RequiredLevel)
        .Text("requiredValue", RequiredValue)
        .Text("valueMin", ValueMin)
        .Text("valueMax", ValueMax)
        .Parts("rubricCriterionLevel", RubricLevels)
        .Parts("alignment", Alignments);
}

/// <summary>A level of a rubric (class RubricCriterionLevel).</summary>
public sealed record RubricCriterionLevel : IJsonPart
{
    /// <summary>URI by which results refer to it.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it means; null when not given.</summary>
    public string? Description { get; init; }

    /// <summary>The level as text; null when not given.</summary>
    public string? Level { get; init; }

    /// <summary>The points as text; null when not given.</summary>
    public string? Points { get; init; }

    /// <summary>Ties to competency frameworks.</summary>
    public IReadOnlyList<Alignment> Alignments { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("RubricCriterionLevel")
        .Text("name", Name)
        .Text("description", Description)
        .Text("level", Level)
        .Text("points", Points)
        .Parts("alignment", Alignments);
}
