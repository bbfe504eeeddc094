using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Messages;

namespace CredSync.Host.Tests.Queue;

/// <summary>Many commands in one message: nothing is lost on the way, and one that cannot be read harms none beside it.</summary>
public sealed class IssueCredentialsTests
{
    private static readonly JsonSerializerOptions Queue = new(JsonSerializerDefaults.Web);

    [Fact]
    public void What_is_written_is_read_again_whole()
    {
        CredentialFacts[] facts = [Facts("first"), Facts("second")];
        IssueCredential[] commands = [.. Enumerable.Range(0, 7).Select(i => Command(i, facts[i % 2]))];
        IssueCredentials read = JsonSerializer.Deserialize<IssueCredentials>(JsonSerializer.Serialize(new IssueCredentials { Issuances = commands }, Queue), Queue)!;
        read.Issuances.Select(c => JsonSerializer.Serialize(c, Queue)).ShouldBe(commands.Select(c => JsonSerializer.Serialize(c, Queue)));
    }

    [Fact]
    public void What_is_awarded_is_written_once_for_all_who_get_the_same()
    {
        CredentialFacts facts = Facts("first");
        JsonNode message = Written(facts, facts, facts);
        message["facts"]!.AsArray().Count.ShouldBe(1);
        message["issuances"]!.AsArray().Select(i => (int)i!["credential"]!).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void A_command_that_cannot_be_read_is_passed_over_and_the_others_are_read()
    {
        JsonNode message = Written(Facts("first"), Facts("second"), Facts("third"));
        message["issuances"]![1]!["issuanceId"] = "not an id";
        Read(message).ShouldBe([0, 2]);
    }

    [Fact]
    public void Facts_that_cannot_be_read_keep_only_those_who_were_to_get_them()
    {
        JsonNode message = Written(Facts("first"), Facts("second"), Facts("third"));
        message["facts"]![0]!.AsObject().Remove("name");
        Read(message).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_place_that_does_not_exist_keeps_only_the_command_that_names_it()
    {
        JsonNode message = Written(Facts("first"), Facts("second"));
        message["issuances"]![0]!["credential"] = 9;
        Read(message).ShouldBe([1]);
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        JsonNode message = Written(Facts("first"));
        message["priority"] = new JsonObject { ["level"] = 7 };
        message["issuances"]![0]!["hologram"] = new JsonArray("gold");
        Read(message).ShouldBe([0]);
    }

    private static IEnumerable<int> Read(JsonNode message) =>
        message.Deserialize<IssueCredentials>(Queue)!.Issuances.Select(c => Enumerable.Range(0, 9).Single(i => Id(i) == c.IssuanceId));

    private static JsonNode Written(params CredentialFacts[] facts) => JsonSerializer.SerializeToNode(new IssueCredentials { Issuances = [.. facts.Select((f, i) => Command(i, f))] }, Queue)!;

    private static Guid Id(int n) => NameBasedUuid.Create(Guid.Empty, $"{n}");

    private static CredentialFacts Facts(string id) =>
        new() { Id = id, Name = $"The {id}", Description = "Knows it.", Criteria = "Do it.", Skills = [new Skill("SQL", "https://skills.example/sql")], Tags = ["data"], IncludeResult = true };

    private static IssueCredential Command(int n, CredentialFacts facts) => new()
    {
        IssuanceId = Id(n),
        Issuer = "press",
        Credential = facts,
        Recipient = new Recipient { SubjectId = Id(100 + n), Name = "Zoë 完了", Email = "zoe@northwind.example" },
        Award = new AwardFacts { EarnedAt = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), ScoreScaled = 0.925m, EarnedBy = [new EarnedBy("moodle-hr", "Safety 101", new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero))] },
    };
}
