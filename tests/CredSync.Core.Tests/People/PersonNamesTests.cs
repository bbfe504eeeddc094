using CredSync.Completions;
using CredSync.Core.People;

namespace CredSync.Core.Tests.People;

public sealed class PersonNamesTests
{
    private static readonly DirectoryEntry Listed = new()
    {
        Id = new IdentifierKey("external_id", "", "nw-7"), Keys = [], PreferredName = "Ada Lovelace", LegalName = "Augusta Ada King",
    };

    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("  Ada   Lovelace ", "Ada Lovelace")]
    [InlineData("Ada alovelace", "Ada")]
    [InlineData("Ada ALOVELACE7", "Ada ALOVELACE7")]
    [InlineData("alovelace", null)]
    [InlineData("Ada NW-7", "Ada")]
    [InlineData("Ada 4711", "Ada")]
    [InlineData("ada@northwind.example", null)]
    [InlineData("ada@northwind.example 4711", null)]
    [InlineData("Ada ada@northwind.example", "Ada")]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void A_login_name_a_number_or_an_address_is_no_part_of_a_name(string? told, string? name) =>
        PersonNames.Of(Told(told, "alovelace"), null, NamePolicy.Preferred).ShouldBe(name);

    [Fact]
    public void Somebody_who_logs_in_by_their_first_name_keeps_it() => PersonNames.Of(Told("Ada Lovelace", "ada"), null, NamePolicy.Preferred).ShouldBe("Ada Lovelace");

    [Theory]
    [InlineData(NamePolicy.Preferred, "Ada Lovelace")]
    [InlineData(NamePolicy.Legal, "Augusta Ada King")]
    [InlineData(NamePolicy.Platform, "A. King")]
    public void The_policy_says_which_name_goes_on_credentials(NamePolicy policy, string name) => PersonNames.Of(Told("A. King", "ada"), Listed, policy).ShouldBe(name);

    [Fact]
    public void Without_the_wanted_name_the_next_best_is_taken()
    {
        PersonNames.Of(Told("A. King", "ada"), Listed with { PreferredName = null }, NamePolicy.Preferred).ShouldBe("Augusta Ada King");
        PersonNames.Of(Told("A. King", "ada"), Listed with { LegalName = null }, NamePolicy.Legal).ShouldBe("A. King");
    }

    private static Completion Told(string? name, string login) => new()
    {
        Key = new CompletionKey("moodle", "1"),
        Identifiers = [new("external_id", "NW-7"), new("username", login), new("email", "ada@northwind.example")],
        PersonName = name,
        Course = new Course { Key = "SAFETY-101" },
        Status = CompletionStatus.Completed,
    };
}
