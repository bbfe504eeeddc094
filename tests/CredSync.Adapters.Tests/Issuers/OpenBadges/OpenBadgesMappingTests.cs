using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Validation;
using CsCheck;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

public sealed class OpenBadgesMappingTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
    private static readonly OpenBadgesFacts Northwind = Facts("did:web:badges.northwind.example", "https://badges.northwind.example", Secret);

    [Fact]
    public void Dates_come_from_the_award_and_the_request()
    {
        AchievementCredential credential = OpenBadgesMapping.Map(Requests.Full, Northwind);
        credential.ValidFrom.ShouldBe(Requests.Full.IssuedAt);
        credential.AwardedDate.ShouldBe(Requests.Full.Award.EarnedAt);
        credential.Subject.ActivityEndDate.ShouldBe(Requests.Full.Award.EarnedAt);
        credential.ValidUntil.ShouldBe(Requests.Full.Award.ExpiresAt);
    }

    [Fact]
    public void The_mapped_credential_passes_the_strict_schema()
    {
        CredentialValidator.Validate(Json(Requests.Full), CredentialForm.Strict).ShouldBeEmpty();
        CredentialValidator.Validate(Json(Requests.Full with { Recipient = new() { SubjectId = Guid.Empty } }), CredentialForm.Strict).ShouldBeEmpty();
    }

    [Fact]
    public void Neither_name_nor_address_of_the_person_is_on_the_badge()
    {
        string text = OpenBadgesMapping.Map(Requests.Full, Northwind).ToJson().ToJsonString();
        text.ShouldNotContain("Ada", Case.Insensitive);
        text.ShouldNotContain("example.com", Case.Insensitive);
        text.ShouldNotContain(Requests.Full.Recipient.SubjectId.ToString());
    }

    [Fact]
    public void A_verifier_who_knows_the_address_can_match_it()
    {
        IdentityObject identity = OpenBadgesMapping.Map(Requests.Full, Northwind).Subject.Identifiers.ShouldHaveSingleItem();
        identity.Matches("ada@example.com").ShouldBeTrue();
        identity.Matches("ADA@example.com ").ShouldBeTrue();
        identity.Matches("eve@example.com").ShouldBeFalse();
    }

    [Fact]
    public void The_same_issuance_has_the_same_salt_and_another_issuance_another()
    {
        Gen.Guid.Select(Gen.Guid).Where(static pair => pair.Item1 != pair.Item2).Sample(static (one, other) =>
        {
            Northwind.Salt(one).ShouldBe(Northwind.Salt(one));
            Northwind.Salt(one).ShouldNotBe(Northwind.Salt(other));
        });
    }

    [Fact]
    public void Two_issuers_call_the_same_person_by_ids_that_cannot_be_linked()
    {
        OpenBadgesFacts other = Facts("did:web:badges.northwind.example", "https://badges.northwind.example", [.. Secret.Select(static b => (byte)~b)]);
        Guid person = Requests.Full.Recipient.SubjectId;
        Northwind.SubjectId(person).ShouldStartWith("urn:uuid:");
        Northwind.SubjectId(person).ShouldNotBe(other.SubjectId(person));
        Northwind.SubjectId(person).ShouldBe(Facts("did:web:badges.northwind.example", null, Secret).SubjectId(person));
    }

    [Fact]
    public void A_result_is_told_only_when_the_definition_says_so()
    {
        OpenBadgesMapping.Map(Requests.Full, Northwind).Subject.Results.ShouldHaveSingleItem().Value.ShouldBe("93.5");
        IssuanceRequest silent = Requests.Full with { Credential = Requests.Full.Credential with { IncludeResult = false } };
        AchievementCredential credential = OpenBadgesMapping.Map(silent, Northwind);
        credential.Subject.Results.ShouldBeEmpty();
        credential.Subject.Achievement.ResultDescriptions.ShouldBeEmpty();
    }

    [Fact]
    public void A_text_grade_is_told_as_it_is()
    {
        IssuanceRequest letter = Requests.Full with { Award = Requests.Full.Award with { ScoreScaled = null, ScoreText = "A-" } };
        AchievementCredential credential = OpenBadgesMapping.Map(letter, Northwind);
        credential.Subject.Results.ShouldHaveSingleItem().Value.ShouldBe("A-");
        credential.Subject.Achievement.ResultDescriptions.ShouldHaveSingleItem().ResultType.ShouldBe("Result");
        IssuanceRequest none = Requests.Full with { Award = Requests.Full.Award with { ScoreScaled = null } };
        OpenBadgesMapping.Map(none, Northwind).Subject.Results.ShouldBeEmpty();
    }

    [Fact]
    public void A_skill_with_a_page_is_an_alignment_and_one_without_is_a_tag()
    {
        Achievement achievement = OpenBadgesMapping.Map(Requests.Full, Northwind).Subject.Achievement;
        achievement.Alignments.ShouldHaveSingleItem().TargetFramework.ShouldBe("ESCO");
        achievement.Tags.ShouldBe(["data", "Curiosity"]);
    }

    [Theory]
    [InlineData("https://x.example/a b", "https://x.example/a%20b")]
    [InlineData("https://x.example/ok?q=1#f", "https://x.example/ok?q=1#f")]
    [InlineData("/relative", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("", null)]
    public void An_address_is_made_fit_for_the_signed_form_or_left_out(string given, string? written)
    {
        IssuanceRequest request = Requests.Full with
        {
            Award = Requests.Full.Award with { EarnedBy = [new("coursera-eu", "SQL", DateTimeOffset.UnixEpoch, given)] },
        };
        OpenBadgesMapping.Map(request, Northwind).Evidence.ShouldHaveSingleItem().Id.ShouldBe(written);
    }

    [Fact]
    public void Without_an_address_ids_are_uuid_urns()
    {
        AchievementCredential credential = OpenBadgesMapping.Map(Requests.Full, Facts("did:web:badges.northwind.example", null, Secret));
        credential.Id.ShouldBe("urn:uuid:3f0b4a52-5b7e-5c1d-9a3e-2d1f6f0a7b11");
        credential.Subject.Achievement.Id.ShouldStartWith("urn:uuid:");
        credential.Subject.Achievement.ResultDescriptions.ShouldHaveSingleItem().Id.ShouldNotBe(credential.Subject.Achievement.Id);
        JsonNode.DeepEquals(credential.ToJson(), credential.ToJson()).ShouldBeTrue();
    }

    private static OpenBadgesFacts Facts(string did, string? address, byte[] secret) => new(new() { Id = did, Name = "Northwind Academy" }, address, secret);

    private static JsonElement Json(IssuanceRequest request) => JsonSerializer.SerializeToElement(OpenBadgesMapping.Map(request, Northwind).ToJson());
}
