using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>Who achieved what, when and how well (class AchievementSubject). Personal data.</summary>
public sealed record AchievementSubject : IJsonPart
{
    /// <summary>URI of the learner: a DID, or a <c>urn:uuid:</c>. Needed for a VC-JWT; null only when <see cref="Identifiers"/> has one.</summary>
    public string? Id { get; init; }

    /// <summary>Identifiers by which a verifier can match the learner.</summary>
    public IReadOnlyList<IdentityObject> Identifiers { get; init; } = [];

    /// <summary>What was achieved.</summary>
    public required Achievement Achievement { get; init; }

    /// <summary>When the activity began; null when unknown.</summary>
    public DateTimeOffset? ActivityStartDate { get; init; }

    /// <summary>When the activity ended; null when unknown.</summary>
    public DateTimeOffset? ActivityEndDate { get; init; }

    /// <summary>Credits earned, in the unit of <see cref="Achievement.CreditsAvailable"/>; null when none.</summary>
    public decimal? CreditsEarned { get; init; }

    /// <summary>Results; empty when they are not told.</summary>
    public IReadOnlyList<Result> Results { get; init; } = [];

    /// <summary>Who assessed on the issuer's behalf, for example the learning platform; null when the issuer did.</summary>
    public Profile? Source { get; init; }

    /// <summary>License number; null when there is none.</summary>
    public string? LicenseNumber { get; init; }

    /// <summary>Role in the activity; null when not given.</summary>
    public string? Role { get; init; }

    /// <summary>Academic term; null when not given.</summary>
    public string? Term { get; init; }

    /// <summary>What was done, Markdown; null when not told.</summary>
    public string? Narrative { get; init; }

    /// <summary>Picture for this learner; null when there is none.</summary>
    public Image? Image { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("AchievementSubject")
        .Parts("identifier", Identifiers)
        .Part("achievement", Achievement)
        .Time("activityStartDate", ActivityStartDate)
        .Time("activityEndDate", ActivityEndDate)
        .Number("creditsEarned", CreditsEarned)
        .Parts("result", Results)
        .Part("source", Source)
        .Text("licenseNumber", LicenseNumber)
        .Text("role", Role)
        .Text("term", Term)
        .Text("narrative", Narrative)
        .Part("image", Image);
}
