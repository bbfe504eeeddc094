using System.Text.Json;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Tests.Model;

/// <summary>Credentials of the model for tests.</summary>
internal static class Samples
{
    public static DateTimeOffset Issued { get; } = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    public static AchievementCredential Simple(string issuer) => new()
    {
        Id = "urn:uuid:3f0b4a52-5b7e-5c1d-9a3e-2d1f6f0a7b11",
        Name = "Data Foundations",
        Issuer = new() { Id = issuer, Name = "Northwind Academy" },
        ValidFrom = Issued,
        Subject = new()
        {
            Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
            Identifiers = [IdentityObject.ForEmail("ada@example.com", "c2FsdA")],
            Achievement = new()
            {
                Id = "urn:uuid:1b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                Name = "Data Foundations",
                Description = "Works with data.",
                Criteria = new() { Narrative = "Pass both courses." },
            },
        },
    };

    /// <summary>A credential in which every property of every class is set.</summary>
    public static AchievementCredential Full()
    {
        JsonElement endorsement = JsonSerializer.SerializeToElement(new EndorsementCredential
        {
            Id = "urn:uuid:00000000-0000-5000-8000-000000000001",
            Name = "In good standing",
            Issuer = new() { Id = "did:web:accrediter.example", Name = "Accrediter" },
            ValidFrom = Issued,
            ValidUntil = Issued.AddYears(1),
            Endorsed = "did:web:badges.example.org",
            Comment = "Known for years.",
            Status = StatusEntry.RevocationList("https://accrediter.example/revoked"),
        }.ToJson());
        var alignment = new Alignment
        {
            TargetName = "SQL", TargetUrl = "https://skills.example/sql", TargetCode = "sql", TargetDescription = "Queries", TargetFramework = "Skills", TargetType = "ext:Skill",
        };
        var image = new Image { Id = "https://badges.example.org/badge.png", Caption = "A badge" };
        var profile = new Profile
        {
            Id = "did:web:badges.example.org",
            Name = "Northwind Academy",
            Url = "https://badges.example.org",
            Phone = "+1 222 333 4444",
            Description = "Teaches.",
            Image = image,
            Email = "badges@example.org",
            Address = new()
            {
                Country = "USA", CountryCode = "US", Region = "TX", Locality = "Austin", Street = "1 First St", PostOfficeBox = "1", PostalCode = "12345",
                Geo = new(30.25m, -97.75m),
            },
            OtherIdentifiers = [new("12345", "sourcedId")],
            Official = "Head of learning",
            ParentOrg = new() { Id = "did:web:example.org" },
            Person = new()
            {
                FamilyName = "F", GivenName = "G", AdditionalName = "A", PatronymicName = "P", HonorificPrefix = "Dr", HonorificSuffix = "PhD",
                FamilyNamePrefix = "van", DateOfBirth = new(1980, 2, 29),
            },
            Endorsements = [endorsement],
        };
        return Simple("did:web:badges.example.org") with
        {
            Description = "Works with data in SQL.",
            Image = image,
            Issuer = profile,
            ValidUntil = Issued.AddYears(2),
            AwardedDate = Issued.AddDays(-1),
            Endorsements = [endorsement],
            Evidence = [new() { Id = "https://lms.example/1", Name = "Course", Description = "A course", Narrative = "Done.", Genre = "Course", Audience = "All" }],
            Status = StatusEntry.Bitstring("https://badges.example.org/status/1", 94567),
            RefreshService = CredentialLink.Refresh("https://badges.example.org/credentials/1"),
            TermsOfUse = [new("https://badges.example.org/terms", "Terms")],
            Subject = new()
            {
                Id = "urn:uuid:8b1f4f8e-9f57-5a52-8c8e-0c5d5c6a4d10",
                Identifiers = [IdentityObject.ForEmail("ada@example.com", "c2FsdA")],
                ActivityStartDate = Issued.AddDays(-30),
                ActivityEndDate = Issued.AddDays(-1),
                CreditsEarned = 3.50m,
                Results = [new() { ResultDescription = "urn:uuid:00000000-0000-5000-8000-000000000002", Value = "91", Status = "Completed", AchievedLevel = "urn:uuid:00000000-0000-5000-8000-000000000003", Alignments = [alignment] }],
                Source = new() { Id = "https://lms.example" },
                LicenseNumber = "L-1",
                Role = "Learner",
                Term = "Fall",
                Narrative = "Did it.",
                Image = image,
                Achievement = new()
                {
                    Id = "https://badges.example.org/achievements/1",
                    Name = "Data Foundations",
                    Description = "Works with data.",
                    Criteria = new() { Id = "https://badges.example.org/achievements/1", Narrative = "Pass." },
                    AchievementType = "Course",
                    Image = image,
                    Creator = profile with { Endorsements = [] },
                    CreditsAvailable = 4,
                    HumanCode = "DF-1",
                    FieldOfStudy = "Data",
                    Specialization = "SQL",
                    InLanguage = "en-US",
                    Version = "2",
                    Alignments = [alignment],
                    ResultDescriptions =
                    [
                        new()
                        {
                            Id = "urn:uuid:00000000-0000-5000-8000-000000000002",
                            Name = "Grade",
                            ResultType = "RubricCriterionLevel",
                            AllowedValues = ["0", "100"],
                            RequiredLevel = "urn:uuid:00000000-0000-5000-8000-000000000003",
                            RequiredValue = "70",
                            ValueMin = "0",
                            ValueMax = "100",
                            RubricLevels = [new() { Id = "urn:uuid:00000000-0000-5000-8000-000000000003", Name = "Good", Description = "Good work", Level = "2", Points = "10", Alignments = [alignment] }],
                            Alignments = [alignment],
                        },
                    ],
                    Tags = ["data", "sql"],
                    Related = [new("https://badges.example.org/achievements/1-de", "de-DE", "1")],
                    OtherIdentifiers = [new("DF-1", "ext:catalogue")],
                    Endorsements = [endorsement],
                },
            },
        };
    }
}
