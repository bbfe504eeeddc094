using CredSync.Issuers;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>A request to issue with everything in it; tests change what they are about.</summary>
internal static class Requests
{
    public static IssuanceRequest Full { get; } = new()
    {
        IssuanceId = new Guid("3f0b4a52-5b7e-5c1d-9a3e-2d1f6f0a7b11"),
        Credential = new()
        {
            Id = "data-foundations",
            Name = "Data Foundations",
            Description = "Works with data in SQL and Python.",
            Criteria = "Pass both courses with 80 percent or more.",
            CriteriaUrl = "https://northwind.example/data-foundations",
            Skills = [new("SQL", "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742", "ESCO", "598de5b0"), new("Curiosity")],
            Tags = ["data"],
            Version = "2",
            IncludeResult = true,
        },
        Recipient = new() { SubjectId = new Guid("8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10"), Name = "Ada Example", Email = "Ada@Example.com" },
        Award = new()
        {
            EarnedAt = new DateTimeOffset(2025, 3, 1, 12, 30, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2027, 3, 1, 12, 30, 0, TimeSpan.Zero),
            ScoreScaled = 0.935m,
            EarnedBy =
            [
                new("coursera-eu", "SQL for Everybody", new DateTimeOffset(2025, 2, 1, 8, 0, 0, TimeSpan.Zero), "https://coursera.example/verify/ABC"),
                new("moodle-hr", "Python, first steps", new DateTimeOffset(2025, 3, 1, 12, 30, 0, TimeSpan.Zero)),
            ],
        },
        IssuedAt = new DateTimeOffset(2025, 3, 1, 12, 35, 7, TimeSpan.Zero),
    };
}
