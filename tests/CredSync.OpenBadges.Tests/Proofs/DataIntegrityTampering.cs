using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Proofs;

/// <summary>What changes to a signed credential do.</summary>
public sealed partial class DataIntegrityTests
{
    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_flipped_bit_of_a_signed_credential_breaks_it(Cryptosuite suite)
    {
        byte[] signed = Encoding.UTF8.GetBytes(DataIntegrity.Sign(Credential("rich"), key, Options(suite)).ToJsonString());
        Gen.Select(Gen.Int[0, signed.Length - 1], Gen.Int[0, 7]).Sample(
            (at, bit) =>
            {
                byte[] flipped = [.. signed];
                flipped[at] ^= (byte)(1 << bit);
                // The one flip that keeps the meaning: the context defines the class Criteria under the IRI of the property criteria.
                bool same = suite == Cryptosuite.EddsaRdfc2022 && Encoding.UTF8.GetString(flipped).Contains("\"Criteria\":", StringComparison.Ordinal);
                return Holds(flipped) == same;
            },
            iter: 2000);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_removed_and_every_changed_value_of_a_signed_credential_breaks_it(Cryptosuite suite)
    {
        JsonObject signed = DataIntegrity.Sign(Credential("hard"), key, Options(suite));
        // Creator and source are the issuer, which says the same about itself: for RDF the document means the same without the repetition.
        string[] repeated = suite == Cryptosuite.EddsaJcs2022 ? [] : ["/credentialSubject/achievement/creator/name", "/credentialSubject/source/type/0", "/credentialSubject/source/name"];
        foreach (string path in Leaves(signed))
        {
            JsonObject removed = (JsonObject)signed.DeepClone();
            Take(removed, path);
            DataIntegrity.Verify(removed, Resolver).Any(check => check.Holds).ShouldBe(repeated.Contains(path), "without " + path);
            JsonObject changed = (JsonObject)signed.DeepClone();
            Change(changed, path);
            DataIntegrity.Verify(changed, Resolver).Any(check => check.Holds).ShouldBeFalse("with another " + path);
        }
    }

    [Theory]
    [InlineData("validUntil", "https://www.w3.org/2018/credentials#validUntil")]
    [InlineData("credentialStatus", "https://www.w3.org/2018/credentials#credentialStatus")]
    [InlineData("id", "@id")]
    [InlineData("type", "@type")]
    [InlineData("name", "https://schema.org/name")]
    public void A_member_under_another_spelling_does_not_hide_behind_the_signature(string member, string spelling)
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        JsonNode? value = signed[member];
        signed.Remove(member);
        signed[spelling] = value;
        DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem().Failure.ShouldNotBeNull().ShouldContain($"another spelling of \"{member}\"");
    }

    [Fact]
    public void A_context_added_to_a_signed_credential_cannot_rename_its_members()
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        signed["@context"]!.AsArray().Add(new JsonObject { ["harmless"] = new JsonObject { ["@id"] = "https://www.w3.org/2018/credentials#validUntil", ["@type"] = "http://www.w3.org/2001/XMLSchema#dateTime" } });
        signed["harmless"] = signed["validUntil"]!.DeepClone();
        signed.Remove("validUntil");
        DataIntegrity.Verify(signed, Resolver).ShouldHaveSingleItem().Failure.ShouldNotBeNull().ShouldContain("another spelling of \"validUntil\"");
    }

    [Theory]
    [InlineData("""{"@value":"2036-01-05T10:00:00Z","@type":"http://www.w3.org/2001/XMLSchema#dateTime"}""")]
    [InlineData("""["2036-01-05T10:00:00Z"]""")]
    [InlineData("""{"@set":["2036-01-05T10:00:00Z"]}""")]
    public void An_end_of_validity_in_another_form_does_not_hide_behind_the_signature(string form)
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        signed["validUntil"] = JsonNode.Parse(form);
        DataIntegrity.Verify(signed, Resolver).ShouldAllBe(check => !check.Holds);
    }

    [Theory]
    [InlineData("@included")]
    [InlineData("@nest")]
    [InlineData("@graph")]
    public void A_member_moved_to_where_nobody_looks_does_not_hide_behind_the_signature(string keyword)
    {
        JsonObject signed = DataIntegrity.Sign(Credential("rich"), key, Options());
        JsonObject moved = new() { ["validUntil"] = signed["validUntil"]!.DeepClone() };
        if (keyword != "@nest") moved["id"] = signed["id"]!.DeepClone();
        signed.Remove("validUntil");
        signed[keyword] = moved;
        DataIntegrity.Verify(signed, Resolver).ShouldAllBe(check => !check.Holds);
    }

    private bool Holds(byte[] json)
    {
        try
        {
            return DataIntegrity.Verify(CredentialJson.Parse(json), Resolver).Any(check => check.Holds);
        }
        catch (ProofException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Leaves(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value!).Select(rest => $"/{member.Key}{rest}")),
        JsonArray items => items.SelectMany((item, index) => Leaves(item!).Select(rest => $"/{index}{rest}")),
        _ => [""],
    };

    private static JsonNode Parent(JsonObject document, string path, out string last)
    {
        string[] steps = path.Split('/')[1..];
        last = steps[^1];
        return steps[..^1].Aggregate((JsonNode)document, (node, step) => node is JsonArray array ? array[int.Parse(step)]! : node[step]!);
    }

    private static void Take(JsonObject document, string path)
    {
        JsonNode parent = Parent(document, path, out string last);
        if (parent is JsonArray array) array.RemoveAt(int.Parse(last));
        else parent.AsObject().Remove(last);
    }

    private static void Change(JsonObject document, string path)
    {
        JsonNode parent = Parent(document, path, out string last);
        JsonNode old = parent is JsonArray array ? array[int.Parse(last)]! : parent[last]!;
        JsonNode changed = old.GetValueKind() switch
        {
            JsonValueKind.String => old.GetValue<string>() + "x",
            JsonValueKind.Number => old.GetValue<double>() + 1,
            _ => !old.GetValue<bool>(),
        };
        if (parent is JsonArray items) items[int.Parse(last)] = changed;
        else parent[last] = changed;
    }
}
