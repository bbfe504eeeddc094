using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Core.Tests.Rules;
using CredSync.Issuers;
using CredSync.Messages;
using static CredSync.Core.Tests.Rules.Person;

namespace CredSync.Core.Tests.Issuance;

public sealed class IssuancePlannerTests
{
    private static readonly RuleBook Rules = Book.Of("version: \"2\"\ninclude_result: true\nskills: [SQL]\nissue: { by: badges, template: t-9 }\nearn: { course: A }");

    [Fact]
    public void A_planned_issuance_carries_the_facts_of_its_definition_and_no_recipient()
    {
        Person person = new Person().With(Completion("A", "2025-01-01", 0.9m));
        PlannedIssuance planned = IssuancePlanner.Plan(person.Decide(Rules), Rules).ShouldHaveSingleItem();
        planned.Key.ShouldBe(new IssuanceKey("badge", person.Subject, "once"));
        planned.Credential.Version.ShouldBe("2");
        planned.Credential.IncludeResult.ShouldBeTrue();
        planned.Credential.Template.ShouldBe("t-9");
        planned.Credential.Skills.ShouldBe([new Skill("SQL")]);
        planned.RuleBookRevision.ShouldBe(Rules.Revision);
        planned.Reason.ShouldBe("earned on 2025-01-01 by A on moodle");
    }

    [Fact]
    public void The_command_carries_the_id_of_the_key_and_the_recipient()
    {
        Person person = new Person().With(Completion("A", "2025-01-01"));
        PlannedIssuance planned = IssuancePlanner.Plan(person.Decide(Rules), Rules).Single();
        IssueCredential command = IssuancePlanner.ToMessage(planned, new Recipient { SubjectId = person.Subject, Name = "Ada" });
        command.IssuanceId.ShouldBe(planned.Key.Id);
        command.Recipient.Name.ShouldBe("Ada");
        Should.Throw<ArgumentException>(() => IssuancePlanner.ToMessage(planned, new Recipient { SubjectId = Guid.Empty }));
    }

    [Fact]
    public void Skips_and_holds_plan_nothing_and_a_decision_of_another_book_is_refused()
    {
        IssuancePlanner.Plan(new Person().With(Completion("A", null)).Decide(Rules), Rules).ShouldBeEmpty();
        var issue = (Decision.Issue)new Person().With(Completion("A", "2025-01-01")).Decide(Rules).Single();
        Should.Throw<ArgumentException>(() => IssuancePlanner.Plan(issue, RuleBook.Empty));
    }
}
