using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands under <c>tests</c> in a credential's file.</summary>
internal static class TestShape
{
    private static readonly RecordShape Event = new("An event", "Something that happens to a person.",
    [
        new("at", "When the platform told of it.", new ValueShape(Types.Moment)) { Required = true, Example = "2025-03-01" },
        new("person", "Who; any word.", new ValueShape(Types.Name)) { Default = "somebody" },
        new("course", "Key of the course that was completed.", new ValueShape(Types.Text)) { Example = "STAT-101" },
        new("credential", "Credential that the person got, instead of a course.", new ValueShape(Types.Name)),
        new("expires", "When that credential expires; never when it is left out.", new ValueShape(Types.Moment)),
        new("source", "The source; needed when there are several and the rule does not name exactly one of them.", new ValueShape(Types.Name)),
        new("run", "The run of the course.", new ValueShape(Types.Text)),
        new("attempt", "Which attempt; another attempt is another completion.", new ValueShape(Types.Count)) { Default = "1" },
        new("status", "Where it stands.", new ValueShape(new ChoiceType("completed", "not-completed", "withdrawn", "revoked"))) { Default = "completed" },
        new("completed", "When it was completed; the same as 'at' when it is left out.", new ValueShape(Types.MomentOrUnknown)),
        new("passed", "Whether the platform says that it was passed.", new ValueShape(Types.Boolean)),
        new("score", "The score.", new ValueShape(Types.Score)) { Example = "72 %" },
        new("consent", "Whether the platform says that the person consents.", new ValueShape(Types.Boolean)),
        new("attributes", "Attributes of the course.", new TableShape("attribute", new ValueShape(Types.Text))),
    ], new KeyRule.OneOf("course", "credential"), new KeyRule.OnlyWith("expires", "credential"));

    private static readonly RecordShape Expectation = new("An expectation", "What is so in the end, or at some time.",
    [
        new("person", "Who; any word.", new ValueShape(Types.Name)) { Default = "somebody" },
        new("at", "When; at the test's clock when it is left out.", new ValueShape(Types.Moment)),
        new("earned", "The date on which the newest credential was earned, or never.", new ValueShape(Types.MomentOrNever)) { Example = "2025-03-01" },
        new("expires", "When that credential expires, or never.", new ValueShape(Types.MomentOrNever)),
        new("times", "How many were earned until then.", new ValueShape(new NumberType(whole: true, min: 0, max: 1000))),
        new("held", "The cause for which it is held.", new ValueShape(Types.Name)) { Example = "consent-missing" },
        new("reason", "Words that the reason holds.", new ValueShape(Types.Text)),
    ], new KeyRule.OneOf("earned", "held"), new KeyRule.OnlyWith("expires", "earned"), new KeyRule.OnlyWith("times", "earned"));

    public static readonly RecordShape Test = new("A test", "A story: what happens, and what must come of it.",
    [
        new("name", "What the story shows.", new ValueShape(Types.Text)) { Required = true, Example = "a retake with a better score earns it" },
        new("clock", "The present, at the end of that day; the last time that is named when it is left out.", new ValueShape(Types.Moment)) { Example = "2025-06-01" },
        new("events", "What happens, in any order.", new ListShape(Event)) { Required = true },
        new("expect", "What must come of it.", new ListShape(Expectation, atLeast: 1)) { Required = true },
    ]);
}
