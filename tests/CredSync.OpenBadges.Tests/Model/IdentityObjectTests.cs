using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;

namespace CredSync.OpenBadges.Tests.Model;

public sealed class IdentityObjectTests
{
    [Fact]
    public void The_hash_is_that_of_the_specification() =>
        IdentityObject.Hash("a@example.com", "Kosher").ShouldBe("sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399");

    [Fact]
    public void Published_hashes_match()
    {
        foreach (JsonNode? vector in JsonNode.Parse(Vectors.Bytes("generated/identity-hash.json"))!.AsArray())
        {
            string identity = vector!["identity"]!.GetValue<string>();
            string? salt = vector["salt"]?.GetValue<string>();
            string hash = vector["identityHash"]!.GetValue<string>();
            new IdentityObject { Hashed = true, IdentityHash = hash.ToUpperInvariant(), IdentityType = "emailAddress", Salt = salt }.Matches(identity).ShouldBeTrue();
        }
    }

    [Fact]
    public void Another_identifier_does_not_match_in_any_algorithm()
    {
        foreach (string hash in (string[])["md5$ddd142639a792e74751ee7e129237efa", "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"])
        {
            new IdentityObject { Hashed = true, IdentityHash = hash, IdentityType = "emailAddress", Salt = "Kosher" }.Matches("b@example.com").ShouldBeFalse();
        }
    }

    [Fact]
    public void A_plain_identity_matches_as_it_is() =>
        new IdentityObject { Hashed = false, IdentityHash = "a@example.com", IdentityType = "emailAddress" }.Matches(" A@example.com").ShouldBeTrue();
}
