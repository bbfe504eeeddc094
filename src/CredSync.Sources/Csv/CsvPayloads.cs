namespace CredSync.Sources.Csv;

/// <summary>The fields that a row may have.</summary>
internal static class CsvFields
{
    public const string Name = "name";
    public const string Course = "course";
    public const string Run = "run";
    public const string Title = "title";
    public const string CompletedAt = "completed_at";
    public const string Status = "status";
    public const string Passed = "passed";
    public const string Score = "score";
    public const string ScoreMin = "score_min";
    public const string ScoreMax = "score_max";
    public const string CertificateUrl = "certificate_url";
    public const string Key = "key";

    /// <summary>Fields that name a person, strongest first; the strongest one present makes the natural key.</summary>
    public static IReadOnlyList<string> Identifiers { get; } =
        [Completions.IdentifierKinds.ExternalId, Completions.IdentifierKinds.SsoUid, Completions.IdentifierKinds.LmsUserId, Completions.IdentifierKinds.Username, Completions.IdentifierKinds.Email];

    /// <summary>All fields.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Identifiers, Name, Course, Run, Title, CompletedAt, Status, Passed, Score, ScoreMin, ScoreMax, CertificateUrl, Key];
}

/// <summary>A row: its fields by name, trimmed; absent and empty ones are not there.</summary>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Line">The line on which the row ends, from 1.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Problem">Why the row cannot be taken apart; null when it can.</param>
internal sealed record CsvRow(string File, long Line, IReadOnlyDictionary<string, string> Fields, string? Problem = null)
{
    /// <summary>A field; null when absent or empty.</summary>
    public string? this[string field] => Fields.GetValueOrDefault(field);
}

/// <summary>A file that is ready to be read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its name without its folder.</param>
/// <param name="Print">Fingerprint of its name and content and of the options that give it its meaning.</param>
internal sealed record CsvFile(string Path, string Name, string Print);
