using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>What can be achieved; the same for everybody who earns it (class Achievement).</summary>
public sealed record Achievement : IJsonPart
{
    /// <summary>URI of the definition; an https URL that serves it is best.</summary>
    public required string Id { get; init; }

    /// <summary>Title.</summary>
    public required string Name { get; init; }

    /// <summary>What it stands for.</summary>
    public required string Description { get; init; }

    /// <summary>What must be done to earn it.</summary>
    public required Criteria Criteria { get; init; }

    /// <summary>One of <see cref="Vocabulary.AchievementTypes"/> or an <c>ext:</c> term; null when none fits.</summary>
    public string? AchievementType { get; init; }

    /// <summary>The badge's picture; null when it has none.</summary>
    public Image? Image { get; init; }

    /// <summary>Who defined it; null when that is the issuer or unknown.</summary>
    public Profile? Creator { get; init; }

    /// <summary>Credits that it is worth, in the unit of the field; null when none.</summary>
    public decimal? CreditsAvailable { get; init; }

    /// <summary>Course code for people; null when it has none.</summary>
    public string? HumanCode { get; init; }

    /// <summary>Field of study; null when not given.</summary>
    public string? FieldOfStudy { get; init; }

    /// <summary>Specialization; null when not given.</summary>
    public string? Specialization { get; init; }

    /// <summary>Language as BCP 47 tag, for example <c>en-US</c>; null when not given.</summary>
    public string? InLanguage { get; init; }

    /// <summary>Version of the definition; null when it is not numbered.</summary>
    public string? Version { get; init; }

    /// <summary>Ties to competency frameworks.</summary>
    public IReadOnlyList<Alignment> Alignments { get; init; } = [];

    /// <summary>Results that it can have.</summary>
    public IReadOnlyList<ResultDescription> ResultDescriptions { get; init; } = [];

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The same in other languages, or earlier versions.</summary>
    public IReadOnlyList<RelatedAchievement> Related { get; init; } = [];

    /// <summary>Further identifiers, for example catalogue numbers.</summary>
    public IReadOnlyList<IdentifierEntry> OtherIdentifiers { get; init; } = [];

    /// <summary>Signed endorsements of it, exactly as their issuers made them.</summary>
    public IReadOnlyList<JsonElement> Endorsements { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("Achievement")
        .Text("achievementType", AchievementType)
        .Text("name", Name)
        .Text("description", Description)
        .Part("criteria", Criteria)
        .Part("image", Image)
        .Part("creator", Creator)
        .Number("creditsAvailable", CreditsAvailable)
        .Text("humanCode", HumanCode)
        .Text("fieldOfStudy", FieldOfStudy)
        .Text("specialization", Specialization)
        .Text("inLanguage", InLanguage)
        .Text("version", Version)
        .Parts("alignment", Alignments)
        .Parts("resultDescription", ResultDescriptions)
        .Texts("tag", Tags)
        .Parts("related", Related)
        .Parts("otherIdentifier", OtherIdentifiers)
        .Documents("endorsement", Endorsements);
}

/// <summary>The same achievement in another language, or an earlier version of it (class Related).</summary>
/// <param name="Id">URI of it.</param>
/// <param name="InLanguage">Its language; null when the same.</param>
/// <param name="Version">Its version; null when the same.</param>
public sealed record RelatedAchievement(string Id, string? InLanguage = null, string? Version = null) : IJsonPart
{
    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("Related")
        .Text("inLanguage", InLanguage)
        .Text("version", Version);
}
