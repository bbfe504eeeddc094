using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>A result that the learner reached (class Result). Personal data that travels with the badge.</summary>
public sealed record Result : IJsonPart
{
    /// <summary>Id of the <see cref="Model.ResultDescription"/> that it fulfils; null when it stands alone.</summary>
    public string? ResultDescription { get; init; }

    /// <summary>The value as text, in the unit of the description; null when only a status or level is told.</summary>
    public string? Value { get; init; }

    /// <summary>One of <see cref="Vocabulary.ResultStatuses"/>; needed when the description's type is <c>Status</c>. Null when not told.</summary>
    public string? Status { get; init; }

    /// <summary>Id of the rubric level that was reached; null when there is no rubric.</summary>
    public string? AchievedLevel { get; init; }

    /// <summary>Ties of this result to competency frameworks.</summary>
    public IReadOnlyList<Alignment> Alignments { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Types("Result")
        .Text("resultDescription", ResultDescription)
        .Text("value", Value)
        .Text("status", Status)
        .Text("achievedLevel", AchievedLevel)
        .Parts("alignment", Alignments);
}
