using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Clr;

/// <summary>How two achievements belong together, read as "source <i>type</i> target" (CLR 2.0, class Association).</summary>
/// <param name="Source">Id of the achievement on the left.</param>
/// <param name="Type">One of <see cref="Vocabulary.AssociationTypes"/>.</param>
/// <param name="Target">Id of the achievement on the right.</param>
public sealed record Association(string Source, string Type, string Target) : IJsonPart
{
    /// <summary>Says that courses are parts of a programme.</summary>
    /// <param name="courses">Ids of the courses' achievements.</param>
    /// <param name="programme">Id of the programme's achievement.</param>
    /// <returns>One association a course, in their order.</returns>
    public static IReadOnlyList<Association> Stack(IEnumerable<string> courses, string programme)
    {
        ArgumentNullException.ThrowIfNull(courses);
        ArgumentException.ThrowIfNullOrWhiteSpace(programme);
        return [.. courses.Select(course => new Association(course, "isPartOf", programme))];
    }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Type("Association")
        .Text("associationType", Type)
        .Text("sourceId", Source)
        .Text("targetId", Target);
}
