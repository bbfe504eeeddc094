using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>How a rule is written under <c>earn</c> and <c>unless</c>.</summary>
internal static class RuleShape
{
    public static readonly ChoiceType ContentTypes = new("course", "program", "module", "activity");

    public static readonly RecordShape Course = new("'course'", "A completed course; every condition that is given must hold.",
    [
        new("source", "Name of the source; any when it is left out.", new ValueShape(Types.Name)) { Example = "moodle-hr" },
        new("key", "The course key; * stands for any characters.", new ValueShape(Types.Text)) { Example = "SAFETY-101" },
        new("tag", "A tag that sources give to courses.", new ValueShape(Types.Text)) { Example = "data-elective" },
        new("run", "The run of the course; * stands for any characters.", new ValueShape(Types.Text)),
        new("attributes", "Attributes of the course, each with the value it must have; * stands for any characters.", new TableShape("attribute", new ValueShape(Types.Text))),
        new("type", "What kind of thing was completed; any when it is left out.", new ValueShape(ContentTypes)),
        new("score", "The score that is needed, with its unit.", new ValueShape(Types.ScoreCondition)) { Example = "\">= 80 %\"" },
        new("passed", "true: the platform must say that it was passed; false: that it was not; left out: it must not say that it was not.", new ValueShape(Types.Boolean)),
        new("completed", "When it was completed.", new RecordShape("'completed'", "The days on which it may have been completed.",
        [
            new("from", "First day.", new ValueShape(Types.Date)) { Example = "2025-01-01" },
            new("to", "Last day.", new ValueShape(Types.Date)) { Example = "2025-12-31" },
        ], new KeyRule.SomeOf("from", "to"))),
    ], new KeyRule.SomeOf("source", "key", "tag", "run", "attributes", "type"));

    public static readonly Shape Node = new LaterShape(static () => NodeRecord!);

    private static readonly ListShape Nodes = new(Node, atLeast: 1);

    public static readonly RecordShape NodeRecord = new("A rule", "What must be true; nodes may hold nodes.",
    [
        new("course", "A completed course: its key, or more conditions.", new EitherShape(new ValueShape(Types.Text), Course)),
        new("credential", "A credential of this configuration that the person holds and that has not expired.", new ValueShape(Types.Name)) { Example = "safety-basics" },
        new("all", "All of these.", Nodes),
        new("in_order", "Whether each of 'all' counts only from when the one before it was met; a date without a time stands for any time of its day.", new ValueShape(Types.Boolean)) { Default = "false" },
        new("any", "Any of these.", Nodes),
        new("at_least", "At least so many of the rules under 'of'; a course rule counts once for each different course that meets it.", new ValueShape(Types.Count)) { Example = "2" },
        new("of", "The rules of which 'at_least' so many must be met.", Nodes),
        new("within", "The dates of what fulfils 'all', 'any' or 'at_least' must lie within this long of each other.", new ValueShape(Types.Period)) { Example = "18 months" },
    ],
    new KeyRule.OneOf("course", "credential", "all", "any", "at_least"),
    new KeyRule.OnlyWith("at_least", "of"),
    new KeyRule.OnlyWith("of", "at_least"),
    new KeyRule.OnlyWith("within", "all", "any", "at_least"),
    new KeyRule.OnlyWith("in_order", "all"));
}
