using System.Text.Json;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Tests.Model;

public sealed class AchievementCredentialTests
{
    [Fact]
    public void A_full_credential_passes_the_strict_form() =>
        CredentialValidator.Validate(JsonSerializer.SerializeToElement(Samples.Full().ToJson()), CredentialForm.Strict).ShouldBeEmpty();

    [Fact]
    public void A_full_credential_leaves_no_property_of_any_class_out()
    {
        string json = Samples.Full().ToJson().ToJsonString();
        string[] written = ["address", "geo", "otherIdentifier", "parentOrg", "dateOfBirth", "rubricCriterionLevel", "allowedValue", "related", "refreshService", "termsOfUse", "endorsement", "awardedDate", "salt", "specialization"];
        written.ShouldAllBe(name => json.Contains($"\"{name}\":", StringComparison.Ordinal));
        json.ShouldNotContain("null");
        json.ShouldNotContain("[]");
    }

    [Fact]
    public void The_smallest_credential_has_only_what_was_given() =>
        Samples.Simple("did:web:badges.example.org").ToJson().Select(static p => p.Key)
            .ShouldBe(["@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject", "credentialSchema"]);

    [Fact]
    public void The_same_value_writes_the_same_bytes() =>
        Samples.Full().ToJson().ToJsonString().ShouldBe(Samples.Full().ToJson().ToJsonString());

    [Fact]
    public void Times_are_written_in_utc_with_whole_seconds()
    {
        AchievementCredential credential = Samples.Simple("did:web:x.example") with { ValidFrom = new(2026, 1, 5, 12, 0, 0, 999, TimeSpan.FromHours(2)) };
        credential.ToJson()["validFrom"]!.GetValue<string>().ShouldBe("2026-01-05T10:00:00Z");
    }

    [Theory]
    [InlineData("3.50", "3.5")]
    [InlineData("3.00", "3")]
    [InlineData("100", "100")]
    [InlineData("0.125", "0.125")]
    public void Numbers_are_written_without_trailing_zeros(string given, string written)
    {
        AchievementCredential credential = Samples.Simple("did:web:x.example");
        credential = credential with { Subject = credential.Subject with { CreditsEarned = decimal.Parse(given, System.Globalization.CultureInfo.InvariantCulture) } };
        credential.ToJson()["credentialSubject"]!["creditsEarned"]!.ToJsonString().ShouldBe(written);
    }

    [Fact]
    public void Every_type_of_the_model_is_sealed_and_immutable()
    {
        Type[] types = [.. typeof(AchievementCredential).Assembly.GetExportedTypes().Where(static t => t.Namespace == typeof(AchievementCredential).Namespace && !t.IsAbstract)];
        types.Length.ShouldBeGreaterThan(15);
        types.ShouldAllBe(static t => t.IsSealed);
        types.SelectMany(static t => t.GetProperties())
            .Where(static p => p.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            .ShouldBeEmpty();
    }
}
